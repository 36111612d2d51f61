package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Queue;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Tasks are taken from their queues: a worker's process may be alive and its connection dead. */
final class CeleryCheck implements Check {

    private static final Duration GRACE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "celery";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        return Asked.server(
                instance,
                server -> server.inspection()
                        .keys()
                        .fold(
                                known -> judge(known, instance.policy(), snapshot, commands),
                                unknown -> Verdict.of(Finding.unknown(
                                        "Celery's queues could not be asked for (" + unknown.detail() + ")",
                                        "whether tasks are consumed is not known",
                                        "redis-warden config --acl # what its user needs; or: "
                                                + Commands.configure("[redis.checks] celery = \"off\"")))));
    }

    private Verdict judge(KnownKeys keys, Policy policy, Snapshot snapshot, Commands commands) {
        List<Finding> findings = new ArrayList<>();
        for (Queue queue : keys.queues()) {
            if (queue.length() > 0 && queue.stalled().compareTo(policy.limits().queueStall()) >= 0) {
                findings.add(Finding.degraded(
                        "queue " + queue.name() + " in db" + queue.database() + " has grown by " + queue.grownBy()
                                + " to " + queue.length() + " in "
                                + text(queue.stalled())
                                + " and never got shorter, and no client waits for a task (LLEN, CLIENT LIST)",
                        "no worker takes tasks, whatever its unit says, or all have been busy for so long",
                        "systemctl list-units '*celery*'; sudo journalctl -u '*celery*' -n 50"
                                + " # then restart the worker; where tasks take that long, set queue_stall"));
            }
        }
        keys.queues().stream()
                .filter(queue -> queue.oldestDelivered()
                        .filter(at ->
                                at.plus(policy.visibilityTimeout()).plus(GRACE).isBefore(snapshot.takenAt()))
                        .isPresent())
                .findFirst()
                .ifPresent(queue -> findings.add(unacknowledged(queue, policy, snapshot, commands)));
        if (keys.queues().isEmpty() && !keys.complete()) {
            findings.add(Finding.unknown(
                    "no keys of Celery are in the databases that were looked at, and there are more",
                    "whether tasks are consumed is not known",
                    commands.cli() + " INFO keyspace # where no task is queued here: "
                            + Commands.configure("[redis.checks] celery = \"off\"")));
        }
        return Verdict.of(findings, allWell(keys));
    }

    private static Finding unacknowledged(Queue queue, Policy policy, Snapshot snapshot, Commands commands) {
        long age = Duration.between(queue.oldestDelivered().orElse(snapshot.takenAt()), snapshot.takenAt())
                .toMinutes();
        return Finding.degraded(
                "unacked_index in db" + queue.database() + " holds a task that was delivered " + age
                        + " min ago, over the visibility timeout of "
                        + policy.visibilityTimeout().toMinutes() + " min",
                "its worker died, or it runs on and will be delivered a second time",
                commands.cli() + " -n " + queue.database() + " ZRANGE unacked_index 0 0 WITHSCORES"
                        + " # where tasks may take that long, set visibility_timeout");
    }

    private static String text(Duration duration) {
        return duration.toMinutes() < 2 ? duration.toSeconds() + " s" : duration.toMinutes() + " min";
    }

    private static String allWell(KnownKeys keys) {
        return keys.queues().isEmpty()
                ? "no keys of Celery are here"
                : keys.queues().stream()
                        .map(queue ->
                                queue.length() + " in " + queue.name() + " of db" + queue.database() + ", for which "
                                        + queue.waiting() + (queue.waiting() == 1 ? " client waits" : " clients wait"))
                        .collect(Collectors.joining("; ", "tasks that wait: ", ""));
    }
}
