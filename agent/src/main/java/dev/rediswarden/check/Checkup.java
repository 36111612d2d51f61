package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Applies every check to every instance of a snapshot.
 *
 * @param severities by instance, then by check; what is absent keeps its own weight
 */
public record Checkup(List<Check> checks, Map<String, Map<String, Severity>> severities) {

    /** All checks with their documented thresholds, in the order in which answers show them. */
    public static final List<Check> STANDARD = List.of(
            new PingCheck(3),
            new WritableCheck(),
            new UnitCheck(UnitCheck.STUCK_AFTER),
            new IdentityCheck(IdentityCheck.SETTLED_AFTER),
            new OrderingCheck(),
            new BindingCheck(),
            new AuthCheck(),
            new PersistenceCheck(),
            new FilesCheck(),
            MemoryCheck.STANDARD,
            new EvictionCheck(),
            CeleryCheck.STANDARD,
            new KernelCheck(),
            ClientsCheck.STANDARD,
            LatencyCheck.STANDARD,
            new DriftCheck(),
            new IntrusionCheck());

    /** The same for a loop: those that need no look at each second keep their verdict until a reading changes. */
    public static Checkup repeated(Map<String, Map<String, Severity>> severities) {
        List<Check> checks = STANDARD.stream()
                .map(check -> isOfEachSecond(check) ? check : new Remembered(check))
                .toList();
        return new Checkup(checks, severities);
    }

    private static boolean isOfEachSecond(Check check) {
        return check instanceof PingCheck || check instanceof UnitCheck || check instanceof IdentityCheck;
    }

    /** The names that the configuration may use. */
    public static List<String> names() {
        return STANDARD.stream().map(Check::name).toList();
    }

    /**
     * The report on a snapshot.
     *
     * @param previous the report before, for {@code since}
     */
    public Report examine(Snapshot snapshot, Report previous) {
        List<CheckResult> results = new ArrayList<>();
        for (InstanceState instance : snapshot.instances()) {
            for (Check check : checks) {
                results.add(since(previous, result(check, instance, snapshot)));
            }
        }
        return Report.of(snapshot, results);
    }

    private CheckResult result(Check check, InstanceState instance, Snapshot snapshot) {
        Severity severity = severities.getOrDefault(instance.name(), Map.of()).get(check.name());
        Verdict verdict = severity == Severity.OFF
                ? Severity.OFF.apply(Verdict.ok(""))
                : examined(check, instance, snapshot, severity);
        return new CheckResult(instance.name(), check.name(), verdict, snapshot.takenAt());
    }

    private static Verdict examined(
            Check check, InstanceState instance, Snapshot snapshot, @Nullable Severity severity) {
        try {
            Verdict verdict = check.examine(instance, snapshot);
            return severity == null ? verdict : severity.apply(verdict);
        } catch (RuntimeException e) {
            return Verdict.of(Finding.unknown(
                    "the check itself failed with " + e, "what it proves is not proven", "report this as a defect"));
        }
    }

    private static CheckResult since(Report previous, CheckResult result) {
        return previous.results().stream()
                .filter(before -> before.isSame(result) && before.status() == result.status())
                .findFirst()
                .map(before -> new CheckResult(result.instance(), result.check(), result.verdict(), before.since()))
                .orElse(result);
    }
}
