package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmContainer;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmService.Update;
import dev.rediswarden.snapshot.SwarmTask;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Swarm runs it, once, as its specification says, and would start it again.
 *
 * @param window within which a task that failed still counts
 */
record ServiceCheck(Duration window) implements Check {

    static final Duration WINDOW = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "service";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return InSwarm.service(instance, (service, commands) -> {
            List<Finding> findings = new ArrayList<>();
            List<SwarmTask> failed = lately(service, snapshot.takenAt());
            Optional<Failure> failure = failed.stream().findFirst().map(task -> new Failure(task, service, commands));
            addReplicas(findings, service, commands);
            if (service.running().isEmpty()) {
                notRunning(service, failure, failed.size(), commands).ifPresent(findings::add);
            } else {
                failure.map(last -> Finding.degraded(
                                last.told(failed.size()),
                                "each time its clients lost their connections",
                                last.remedy()))
                        .ifPresent(findings::add);
                addRunning(findings, service, service.running().get(0), commands);
            }
            addUpdate(findings, service, commands);
            return Verdict.of(findings, allWell(service));
        });
    }

    /** What failed is told for a while. */
    @Override
    public boolean isLasting(InstanceState instance, Snapshot snapshot) {
        return false;
    }

    /** What failed before the last update is what that was made for. */
    private List<SwarmTask> lately(SwarmService service, Instant now) {
        Instant updated = service.update().map(Update::startedAt).orElse(Instant.EPOCH);
        return service.failed().stream()
                .filter(task -> task.at().isAfter(now.minus(window))
                        && !task.createdAt().isBefore(updated))
                .toList();
    }

    private static void addReplicas(List<Finding> findings, SwarmService service, ServiceCommands commands) {
        long wanted = service.replicas().orElse(1);
        if (wanted == 0) {
            findings.add(Finding.unhealthy(
                    "docker service: 0 replicas are wanted of " + service.name(),
                    "Redis does not run, and the Swarm is not to run it",
                    commands.scaleTo(1)));
        } else if (wanted > 1) {
            findings.add(Finding.unhealthy(
                    "docker service: " + wanted + " replicas are wanted of " + service.name(),
                    "each is a Redis of its own under the one name: what a client has written, another does not find",
                    commands.scaleTo(1)));
        } else if (service.replicas().isEmpty() && service.running().size() > 1) {
            findings.add(Finding.unhealthy(
                    "docker service: " + service.name() + " is global, and runs on "
                            + service.running().size() + " nodes",
                    "each is a Redis of its own under the one name: what a client has written, another does not find",
                    commands.pinTo(service.nodeName(service.running().get(0).node()))));
        }
    }

    private static Optional<Finding> notRunning(
            SwarmService service, Optional<Failure> failure, int failures, ServiceCommands commands) {
        if (service.replicas().orElse(1) == 0) {
            return Optional.empty();
        }
        Optional<SwarmTask> waiting = service.waiting();
        if (waiting.isPresent() && waiting.get().state().equals("pending")) {
            return Optional.of(new Placement(service, waiting.get(), commands).finding());
        }
        if (failure.isPresent()) {
            return Optional.of(Finding.unhealthy(
                    failure.get().told(failures),
                    "Redis does not run",
                    failure.get().remedy()));
        }
        if (waiting.isPresent()) {
            return Optional.of(Finding.degraded(
                    "its task is " + waiting.get().state() + " on "
                            + service.nodeName(waiting.get().node()) + since(waiting.get()),
                    "Redis is on its way",
                    commands.look()));
        }
        String last = service.tasks().stream()
                .findFirst()
                .map(task -> ", the last is " + task.state() + since(task)
                        + (task.error().isEmpty() ? "" : ": " + task.error()))
                .orElse("");
        return Optional.of(Finding.unhealthy(
                "docker service: no task of " + service.name() + " runs or is to run" + last,
                "the Swarm has given up, as where its restart policy is used up",
                commands.renew()));
    }

    private static void addRunning(
            List<Finding> findings, SwarmService service, SwarmTask task, ServiceCommands commands) {
        if (!service.image().isEmpty()
                && !task.image().isEmpty()
                && !task.image().equals(service.image())) {
            findings.add(Finding.degraded(
                    "its task runs " + task.image() + ", and the service is to run " + service.image(),
                    "the next restart is another Redis than the one that has proven itself",
                    commands.renew()));
        }
        Optional<SwarmContainer> container = task.container().optional();
        if (container.filter(c -> c.health().equals("unhealthy")).isPresent()) {
            String said = container.get().healthOutput();
            findings.add(Finding.unhealthy(
                    "its health check fails" + (said.isEmpty() ? "" : ": " + said),
                    "the Swarm is about to kill it and to start another",
                    commands.look()));
        } else if (container.filter(c -> c.health().isEmpty()).isPresent()) {
            findings.add(Finding.degraded(
                    "its container has no health check",
                    "a Redis that hangs, or refuses writes, is left as it is",
                    // By then it may ask for a password, and is well.
                    commands.update("--health-cmd 'redis-cli PING | grep -qE \"PONG|NOAUTH\"' --health-interval 10s"
                            + " --health-timeout 3s --health-retries 3")));
        }
    }

    private static void addUpdate(List<Finding> findings, SwarmService service, ServiceCommands commands) {
        service.update()
                .filter(update -> update.state().endsWith("paused"))
                .ifPresent(update -> findings.add(Finding.degraded(
                        "its last update is " + update.state() + ": " + update.message(),
                        "what runs is neither what was nor what is wanted",
                        update.state().equals("paused") && update.reversible()
                                ? commands.rollBack()
                                : commands.renew())));
    }

    private static String since(SwarmTask task) {
        return " since " + task.at().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String allWell(SwarmService service) {
        return service.running().stream()
                .findFirst()
                .map(task -> service.running().size() + " of "
                        + service.replicas().orElse(service.running().size()) + " runs on "
                        + service.nodeName(task.node()) + since(task)
                        + task.container()
                                .optional()
                                .map(container -> ", " + container.health())
                                .orElse(", its health is known to its node alone"))
                .orElse("");
    }

    /** Why a task ended, and what mends that. */
    private record Failure(SwarmTask task, SwarmService service, ServiceCommands commands) {

        String told(int times) {
            return (times > 1 ? times + " tasks have failed lately, the last" : "a task has failed") + " on "
                    + service.nodeName(task.node()) + " at " + task.at().truncatedTo(ChronoUnit.SECONDS) + ": " + why();
        }

        private String why() {
            if (isOutOfMemory()) {
                return "killed by the kernel at its memory limit"
                        + service.memoryLimit().stream()
                                .mapToObj(limit -> " of " + Bytes.text(limit))
                                .findFirst()
                                .orElse("");
            }
            if (isUnhealthy()) {
                String said = task.container()
                        .optional()
                        .map(SwarmContainer::healthOutput)
                        .orElse("");
                return "its health check failed" + (said.isEmpty() ? "" : ": " + said);
            }
            String killed = task.exit().orElse(0) == 137 ? " (SIGKILL: by hand, or at a memory limit)" : "";
            return (task.error().isEmpty()
                            ? "it ended without an error, as where its health check has it stopped"
                            : task.error())
                    + killed;
        }

        private boolean isOutOfMemory() {
            return task.container()
                    .optional()
                    .filter(SwarmContainer::killedForMemory)
                    .isPresent();
        }

        private boolean isUnhealthy() {
            return task.error().contains("unhealthy container")
                    || task.container()
                            .optional()
                            .filter(container -> container.health().equals("unhealthy"))
                            .isPresent();
        }

        /** What has begun soon after an update ends with it. */
        String remedy() {
            if (isOutOfMemory() && service.memoryLimit().isPresent()) {
                return commands.update("--limit-memory "
                        + ServiceCommands.size(service.memoryLimit().getAsLong() * 2));
            }
            if (service.update()
                    .filter(update -> update.reversible()
                            && update.startedAt().isAfter(task.at().minus(WINDOW)))
                    .filter(update -> !update.state().startsWith("rollback"))
                    .isPresent()) {
                return commands.rollBack();
            }
            if (task.error().contains("No such image")) {
                return "docker pull " + Commands.word(task.image()) + " && " + commands.renew() + " # the first on "
                        + service.nodeName(task.node());
            }
            return commands.look() + "; " + commands.renew();
        }
    }
}
