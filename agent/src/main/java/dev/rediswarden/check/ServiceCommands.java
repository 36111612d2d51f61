package dev.rediswarden.check;

import java.util.List;

/** The commands that remedies of a Swarm's service are made of; for a manager, where nothing else is said. */
record ServiceCommands(String service) {

    private static final long MEGA = 1 << 20;

    String update(String options) {
        return "docker service update " + options + " " + service;
    }

    String scaleTo(long replicas) {
        return "docker service scale " + service + "=" + replicas;
    }

    /** To what it was before its last update. */
    String rollBack() {
        return "docker service rollback " + service;
    }

    /** A new task in the place of the one that is there, if any. */
    String renew() {
        return update("--force");
    }

    String look() {
        return "docker service ps --no-trunc " + service + "; docker service logs --tail 50 " + service;
    }

    /** Its container's number, on the node that runs it. */
    String container() {
        return container(service);
    }

    static String container(String service) {
        return "$(docker ps -q -f label=com.docker.swarm.service.name=" + service + ")";
    }

    String pinTo(String node) {
        return update("--constraint-add node.hostname==" + Commands.word(node));
    }

    String without(List<String> constraints) {
        StringBuilder options = new StringBuilder();
        constraints.forEach(constraint -> options.append(options.isEmpty() ? "" : " ")
                .append("--constraint-rm ")
                .append(Commands.word(constraint)));
        return update(options.toString());
    }

    /** In whole megabytes, upwards. */
    static String size(long bytes) {
        return Math.max(1, (bytes + MEGA - 1) / MEGA) + "M";
    }
}
