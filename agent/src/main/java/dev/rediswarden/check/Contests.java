package dev.rediswarden.check;

import dev.rediswarden.snapshot.Contested;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What redis-warden has put right by itself in vain: told for as long as it is as somebody else wants it. */
final class Contests {

    /** Under which key the configuration wishes for it; another's is its own name, with underscores. */
    private static final Map<String, String> KEYS = Map.of("appendonly", "persistence", "protected-mode", "bind");

    private Contests() {}

    /** Of one server's own settings. */
    static List<Finding> of(InstanceState instance, Snapshot snapshot) {
        Optional<Fields> running =
                instance.server().optional().map(ServerState::config).flatMap(Reading::optional);
        Optional<Fields> file = instance.confFile().optional();
        if (!instance.policy().enforce() || running.isEmpty() || file.isEmpty()) {
            return List.of();
        }
        return contested(snapshot, instance.name()).stream()
                .filter(given -> isSo(given, running.get(), file.get()))
                .map(given -> finding(
                        given,
                        KEYS.getOrDefault(given.setting(), given.setting().replace('-', '_'))
                                + " as it is to be, or enforce = false"))
                .toList();
    }

    /** Of the kernel, whose check sees that it is not as Redis needs it. */
    static List<Finding> ofKernel(InstanceState instance, Snapshot snapshot) {
        return instance.policy().enforce()
                ? contested(snapshot, Contested.KERNEL).stream()
                        .map(given -> finding(given, "enforce = false"))
                        .toList()
                : List.of();
    }

    private static List<Contested> contested(Snapshot snapshot, String whose) {
        return snapshot.stewardship().optional().orElse(Stewardship.NONE).contested().stream()
                .filter(given -> given.isOf(whose))
                .toList();
    }

    /** What root has seen when it gave up; anything else is another matter. */
    private static boolean isSo(Contested given, Fields running, Fields file) {
        return running.is(given.setting(), given.found())
                || (running.is(given.setting(), given.wished()) && !file.is(given.setting(), given.wished()));
    }

    private static Finding finding(Contested given, String what) {
        return Finding.degraded(
                "redis-warden.toml wishes " + given.setting() + " to be '" + given.wished() + "', to which redis-warden"
                        + " has set it " + given.times() + " times within 24 hours, and somebody else wants '"
                        + given.found() + "', as it is again",
                "redis-warden leaves it so until that is decided",
                Commands.configure(what + "; to have it set once more: sudo redis-warden resume"));
    }

    /** First of its kind: it says why the rest is not mended. */
    static Verdict added(List<Finding> contests, Verdict verdict) {
        if (contests.isEmpty()) {
            return verdict;
        }
        List<Finding> all = new ArrayList<>(contests);
        all.addAll(verdict.findings());
        return Verdict.of(all, verdict.detail());
    }
}
