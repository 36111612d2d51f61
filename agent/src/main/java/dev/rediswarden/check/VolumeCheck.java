package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmMount;
import dev.rediswarden.snapshot.SwarmNode;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmTask;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Its data is on a volume that outlives its tasks, and the task is where that volume is. */
record VolumeCheck() implements Check {

    /** Of the official images. */
    private static final String USUAL = "/data";

    @Override
    public String name() {
        return "volume";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        if (!instance.policy().rdb() && !instance.policy().aof()) {
            return Verdict.off("nothing is to be kept: persistence is \"none\" in the configuration");
        }
        return InSwarm.service(instance, (service, commands) -> {
            String directory = directory(instance);
            return mount(service, directory)
                    .map(mount -> mounted(mount, directory, service, instance, commands))
                    .orElseGet(() -> Verdict.of(unmounted(directory, service, instance, commands)));
        });
    }

    private static String directory(InstanceState instance) {
        return config(instance)
                .flatMap(config -> config.text("dir"))
                .filter(dir -> dir.startsWith("/"))
                .orElse(USUAL);
    }

    private static Optional<Fields> config(InstanceState instance) {
        return instance.server().optional().flatMap(server -> server.config().optional());
    }

    /** As its specification has it, else as its image has asked for it. */
    private static Optional<SwarmMount> mount(SwarmService service, String directory) {
        Stream<SwarmMount> ofImage = service.running().stream()
                .flatMap(task -> task.container().optional().stream())
                .flatMap(container -> container.mounts().stream());
        return Stream.concat(service.mounts().stream(), ofImage)
                .filter(mount -> mount.holds(directory))
                .findFirst();
    }

    private static Finding unmounted(
            String directory, SwarmService service, InstanceState instance, ServiceCommands commands) {
        boolean seen = service.running().stream()
                .anyMatch(task -> task.container().optional().isPresent());
        return Finding.unhealthy(
                "docker service: nothing is mounted at " + directory
                        + (seen ? "" : "; where its image asks for a volume, that is its container's own"),
                "each new task begins with no data",
                move(directory, "", service, instance, commands));
    }

    private static Verdict mounted(
            SwarmMount mount,
            String directory,
            SwarmService service,
            InstanceState instance,
            ServiceCommands commands) {
        if (mount.type().equals("tmpfs") || mount.isAnonymous()) {
            boolean ofImage = service.mounts().stream().noneMatch(mount::equals);
            return Verdict.of(Finding.unhealthy(
                    directory + " is on " + (mount.type().equals("tmpfs") ? "tmpfs" : "a volume without a name"),
                    "it goes with its task: the next one begins with no data",
                    move(directory, ofImage ? "" : "--mount-rm " + mount.target() + " ", service, instance, commands)));
        }
        if (mount.readOnly()) {
            return Verdict.of(Finding.unhealthy(
                    directory + " is on " + described(mount) + ", which is mounted read-only",
                    "nothing can be saved, and soon every write is refused",
                    commands.update("--mount-rm " + mount.target() + " --mount-add type=" + mount.type() + ",source="
                            + Commands.word(mount.source()) + ",target=" + mount.target())));
        }
        return mount.isOfItsNode()
                ? new Whereabouts(mount, service, instance, commands).verdict()
                : Verdict.ok(directory + " is on " + described(mount) + ", which follows its task");
    }

    /** Copied by tar, which both kinds of image have, out of whatever is there now; the update starts the task anew. */
    private static String move(
            String directory, String before, SwarmService service, InstanceState instance, ServiceCommands commands) {
        String volume = service.name() + "_data";
        String image = Commands.word(service.image());
        String place = Commands.word(directory);
        return Commands.of(instance).cli() + " SAVE && docker exec " + commands.container() + " tar -c -C " + place
                + " . | docker run --rm -i --user 0 --entrypoint tar -v " + volume + ":/new " + image
                + " -x -C /new && "
                + commands.update(before + "--mount-add type=volume,source=" + volume + ",target=" + place)
                + " # on the node that runs it, all but the last on others than managers";
    }

    private static String described(SwarmMount mount) {
        return mount.type() + " " + mount.source();
    }

    /** On which node the data is, and on which Redis. */
    private record Whereabouts(
            SwarmMount mount, SwarmService service, InstanceState instance, ServiceCommands commands) {

        Verdict verdict() {
            Optional<SwarmTask> running = service.running().stream().findFirst();
            List<SwarmTask> past = service.tasks().stream()
                    .filter(task ->
                            task.hasRun() && !running.filter(task::equals).isPresent())
                    .toList();
            return running.map(task -> runs(task, past)).orElseGet(() -> Verdict.of(waits(past)));
        }

        private Verdict runs(SwarmTask task, List<SwarmTask> past) {
            List<SwarmNode> eligible = eligible();
            String here = service.nodeName(task.node());
            boolean pinned = eligible.size() == 1 && eligible.get(0).id().equals(task.node());
            Optional<SwarmTask> elsewhere = past.stream()
                    .filter(before -> !before.node().equals(task.node()))
                    .findFirst();
            if (elsewhere.isPresent() && !pinned) {
                return Verdict.of(moved(task, elsewhere.get()));
            }
            if (service.nodes() instanceof Reading.Unknown<List<SwarmNode>> unknown) {
                return Verdict.of(Finding.unknown(
                        "the Swarm's nodes are not known (" + unknown.detail() + ")",
                        "whether another may be given its task is not known",
                        "docker node ls"));
            }
            if (!pinned) {
                return Verdict.of(Finding.degraded(
                        described(mount) + " with the data is on " + here + " alone, and " + eligible.size()
                                + " nodes may be given its task",
                        "where " + here + " is down or drained, Redis starts on another, with no data",
                        commands.pinTo(here)));
            }
            return Verdict.ok(described(mount) + " is on " + here + ", to which its task is bound");
        }

        private Finding moved(SwarmTask task, SwarmTask before) {
            String there = service.nodeName(before.node());
            String here = service.nodeName(task.node());
            boolean drained = service.node(before.node())
                    .filter(node -> node.state().equals("ready") && !node.isAtWork())
                    .isPresent();
            boolean down = service.node(before.node())
                    .filter(node -> !node.state().equals("ready"))
                    .isPresent();
            return Finding.unhealthy(
                    "its task runs on " + here + " since " + task.at().truncatedTo(ChronoUnit.SECONDS) + ", and ran on "
                            + there + (down ? " before, which is down" : " before") + "; " + described(mount)
                            + " is another on each",
                    "Redis serves other data: what was written until then is on the disk of " + there
                            + ", not lost and not served",
                    (drained ? "docker node update --availability active " + Commands.word(there) + " && " : "")
                            + commands.pinTo(there) + " # what is written on " + here + " until then stays there"
                            + (down ? "; Redis runs again when " + there + " does" : ""));
        }

        /** The node of the newest task that has run; none is known after five failures in a row elsewhere. */
        private Finding waits(List<SwarmTask> past) {
            if (past.isEmpty()) {
                return Finding.unknown(
                        "no task of it runs, and the Swarm remembers none that has run",
                        "on which node " + described(mount) + " is, is not known",
                        "docker volume ls # on each node");
            }
            String there = service.nodeName(past.get(0).node());
            Optional<SwarmNode> node = service.node(past.get(0).node());
            boolean down = node.filter(known -> !known.state().equals("ready")).isPresent();
            return Finding.degraded(
                    described(mount) + " with the data is on " + there + (down ? ", which is down" : "")
                            + ", and no task runs",
                    "what has reached its disk is not lost, and is served again when a task runs there; " + lost(),
                    node.filter(known -> !known.isAtWork())
                            .map(known -> Placement.bringBack(List.of(known)))
                            .orElseGet(commands::look));
        }

        /** What had not reached the disk when the node went (redis.conf, appendfsync and save). */
        private String lost() {
            boolean aof = config(instance)
                    .map(config -> config.is("appendonly", "yes"))
                    .orElse(instance.policy().aof());
            String fsync = config(instance)
                    .flatMap(config -> config.text("appendfsync"))
                    .orElse(instance.policy().appendfsync());
            return !aof
                    ? "what was written since the last snapshot is"
                    : switch (fsync) {
                        case "always" -> "nothing that was acknowledged is";
                        case "no" ->
                            "of the last half minute, what the kernel had not written is, if the node lost its power";
                        default -> "of the last second, what was not yet synced is, if the node lost its power";
                    };
        }

        private List<SwarmNode> eligible() {
            return service.nodes().optional().orElse(List.of()).stream()
                    .filter(node -> node.fits(service.constraints()))
                    .toList();
        }
    }
}
