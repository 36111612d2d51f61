package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A Swarm's service as a manager tells of it; words are the Docker Engine API's own
 * (https://docs.docker.com/reference/api/engine/).
 *
 * @param replicas how many tasks it is to have; empty where one runs on each node (a global service)
 * @param image what its tasks are to run, as {@code redis:7.4-alpine@sha256:…} where a registry has resolved it
 * @param constraints of its placement: {@code node.role==worker}
 * @param memoryLimit bytes at which the kernel kills in its container; empty for none
 * @param memoryReserved bytes that a node must have free to be given a task of it; empty for none
 * @param mounts as its specification has them
 * @param ports that are published
 * @param update the last one; empty where there was none
 * @param networks that its tasks are in, with who else is
 * @param tasks as many as the Swarm remembers, five of the past for each place by default
 * @param nodes of the Swarm
 */
public record SwarmService(
        String name,
        OptionalLong replicas,
        String image,
        List<String> constraints,
        OptionalLong memoryLimit,
        OptionalLong memoryReserved,
        List<SwarmMount> mounts,
        List<Port> ports,
        Optional<Update> update,
        Reading<List<SwarmNetwork>> networks,
        List<SwarmTask> tasks,
        Reading<List<SwarmNode>> nodes) {

    /**
     * A port of its tasks that others reach.
     *
     * @param published the nodes'
     * @param target the task's
     * @param host whether the node listens that runs the task, and not each of the Swarm
     */
    public record Port(long published, long target, String protocol, boolean host) {

        public Port {
            protocol = Untrusted.line(protocol);
        }
    }

    /**
     * A change of the specification, on its way to the tasks.
     *
     * @param state updating, paused, completed, rollback_started, rollback_paused, rollback_completed
     * @param startedAt by the manager's clock
     * @param reversible whether there is a specification to roll back to
     */
    public record Update(String state, String message, Instant startedAt, boolean reversible) {

        public Update {
            state = Untrusted.line(state);
            message = Untrusted.line(message);
        }
    }

    public SwarmService {
        name = Untrusted.line(name);
        image = Untrusted.line(image);
        constraints = constraints.stream().map(Untrusted::line).toList();
        mounts = List.copyOf(mounts);
        ports = List.copyOf(ports);
        tasks = tasks.stream()
                .sorted(Comparator.comparing(SwarmTask::createdAt).reversed())
                .toList();
    }

    /** Those that run and are to go on running, the newest first. */
    public List<SwarmTask> running() {
        return tasks.stream()
                .filter(task -> task.isWanted() && task.state().equals("running"))
                .toList();
    }

    /** The newest of those that are to run and do not, if any. */
    public Optional<SwarmTask> waiting() {
        return tasks.stream()
                .filter(task -> task.isWanted() && !task.state().equals("running"))
                .findFirst();
    }

    /** Those that ended otherwise than by an update or a scaling, the newest first. */
    public List<SwarmTask> failed() {
        return tasks.stream().filter(SwarmTask::hasFailed).toList();
    }

    /** The node's name for a person; its number where it is not known. */
    public String nodeName(String id) {
        return node(id).map(SwarmNode::name).orElse(id.isEmpty() ? "no node" : id);
    }

    public Optional<SwarmNode> node(String id) {
        return nodes.optional().orElse(List.of()).stream()
                .filter(node -> node.id().equals(id))
                .findFirst();
    }
}
