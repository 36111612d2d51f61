package dev.rediswarden.check;

import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All results of one cycle, with the snapshot that they were drawn from. Every presenter renders this and only this. */
public record Report(Snapshot snapshot, Health health, List<CheckResult> results) {

    /** The name of what is told where no cycle can be relied on. */
    private static final String CYCLE = "cycle";

    public Report {
        results = List.copyOf(results);
    }

    static Report of(Snapshot snapshot, List<CheckResult> results) {
        // Nothing examined is nothing proven.
        Status worst = results.isEmpty() ? Status.UNKNOWN : Status.OFF;
        for (CheckResult result : results) {
            worst = worst.worse(result.status());
        }
        return new Report(snapshot, Health.of(worst), results);
    }

    /** What is told before the first cycle is complete. */
    public static Report none(Instant startedAt) {
        Snapshot nothing = Snapshot.empty(startedAt);
        return of(nothing, List.of(cycleResult("no cycle is complete yet", startedAt)));
    }

    /** The same report, grown too old to be believed: silence is not health. */
    public Report stale(Duration age) {
        Instant since = snapshot.takenAt();
        CheckResult tooOld = cycleResult("the last complete cycle is " + age.toSeconds() + " s old", since);
        return of(snapshot, Stream.concat(Stream.of(tooOld), results.stream()).toList());
    }

    private static CheckResult cycleResult(String evidence, Instant since) {
        Finding finding = Finding.unhealthy(
                evidence,
                "nothing here can be relied on",
                "sudo systemctl status redis-warden.service; journalctl -u redis-warden.service -n 50");
        return new CheckResult("", CYCLE, Verdict.of(finding), since);
    }

    /**
     * What was found by the same check of the same instance.
     *
     * @param place where it is as a rule: what is examined is the same from one report to the next
     */
    public Optional<CheckResult> find(int place, Kind kind, String instance, String check) {
        if (place < results.size() && results.get(place).isOf(kind, instance, check)) {
            return Optional.of(results.get(place));
        }
        return results.stream()
                .filter(result -> result.isOf(kind, instance, check))
                .findFirst();
    }

    /** False where no cycle is complete, or the last one too old: its readings then tell of the past. */
    public boolean isCurrent() {
        for (CheckResult result : results) {
            if (result.isOf(Kind.REDIS, "", CYCLE)) {
                return false;
            }
        }
        return true;
    }

    /** A Redis is told as unhealthy that the newest cycle does not show any more: what one more cycle decides. */
    public boolean isRecovering() {
        return health == Health.UNHEALTHY
                && results.stream()
                        .anyMatch(result -> result.kind() == Kind.REDIS
                                && result.status() == Status.UNHEALTHY
                                && result.course().isRecovering());
    }

    /**
     * The result's name in answers: {@code ping} where one instance is watched, {@code main/ping} where several are;
     * {@code acme/health} of a site.
     */
    public String key(CheckResult result) {
        if (result.kind() == Kind.SITE) {
            return result.instance() + "/" + result.check();
        }
        boolean several = snapshot.instances().size() > 1;
        return several && !result.instance().isEmpty() ? result.instance() + "/" + result.check() : result.check();
    }

    /** The report of these checks alone, named with or without their instance, and of the agent itself; of all for none. */
    public Report only(List<String> names) {
        return names.isEmpty()
                ? this
                : of(
                        snapshot,
                        results.stream()
                                .filter(r ->
                                        r.instance().isEmpty() || names.contains(r.check()) || names.contains(key(r)))
                                .toList());
    }

    public Optional<CheckResult> result(String key) {
        return results.stream().filter(r -> key(r).equals(key)).findFirst();
    }

    /** One line for a person: the verdict and the worst reason for it. */
    public String summary() {
        if (health == Health.OK) {
            long examined =
                    results.stream().filter(r -> r.status() == Status.OK).count();
            return "ok: " + examined + " checks passed";
        }
        long bad = results.stream()
                .filter(r -> r.status().compareTo(Status.OK) > 0)
                .count();
        String others = bad > 1 ? " (and " + (bad - 1) + " more)" : "";
        return results.stream()
                .max(Comparator.comparing(CheckResult::status))
                .map(worst -> health.word() + ": " + key(worst) + ": "
                        + worst.verdict().detail() + others)
                .orElse(health.word());
    }
}
