package dev.rediswarden.plan;

import dev.rediswarden.plan.Action.Configure;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Computes which settings are to be put right by themselves: of servers whose configuration says {@code enforce}, while
 * they are at rest, and of the kernel that they run on.
 */
public final class Enforcement {

    private static final Plan NOTHING = new Plan(List.of(), List.of());

    private Enforcement() {}

    /** The same as a person's {@code apply} would do, for these alone. */
    public static Plan plan(Snapshot snapshot) {
        List<InstanceState> enforced = snapshot.instances().stream()
                .filter(instance -> instance.policy().enforce())
                .toList();
        if (enforced.isEmpty()) {
            return NOTHING;
        }
        Plan planned = RedisPlanner.plan(snapshot.of(enforced));
        List<Action> actions = new ArrayList<>();
        List<Left> left = new ArrayList<>(planned.left());
        for (InstanceState instance : enforced) {
            List<Configure> changes = planned.actions().stream()
                    .map(Configure.class::cast)
                    .filter(change -> change.instance().equals(instance.name()))
                    .toList();
            Optional<String> unrest = unrest(instance).filter(reason -> !changes.isEmpty());
            unrest.ifPresentOrElse(
                    reason -> left.add(new Left(
                            Left.Kind.WAITING, instance.unitName(), reason, "sudo redis-warden apply --settings")),
                    () -> actions.addAll(changes));
        }
        return new Plan(actions, left).and(kernel(snapshot));
    }

    /** By the needs of all servers here: one file says it for all. */
    private static Plan kernel(Snapshot snapshot) {
        return snapshot.boot().fold(boot -> KernelPlanner.plan(snapshot, boot), unknown -> NOTHING);
    }

    /** Why nothing is changed in a server that would take it: it is at work on its files, or they are in trouble. */
    private static Optional<String> unrest(InstanceState instance) {
        return instance.server().optional().map(ServerState::info).flatMap(Enforcement::unrest);
    }

    private static Optional<String> unrest(Fields info) {
        if (info.is("rdb_bgsave_in_progress", "1")) {
            return Optional.of("it is writing a snapshot");
        }
        if (info.is("aof_rewrite_in_progress", "1") || info.is("aof_rewrite_scheduled", "1")) {
            return Optional.of("it is rewriting its append-only file");
        }
        boolean failed = info.is("rdb_last_bgsave_status", "err")
                || info.is("aof_last_write_status", "err")
                || info.is("aof_last_bgrewrite_status", "err");
        return failed
                ? Optional.of("it could not write its data to the disk, which is to be looked at first (MISCONF)")
                : Optional.empty();
    }
}
