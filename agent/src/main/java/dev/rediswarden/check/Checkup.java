package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.SiteState;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Applies every check to every instance of a snapshot, and those of sites to every site.
 *
 * @param severities by instance, then by check; what is absent keeps its own weight
 * @param damping of what changes from one cycle to the next; empty to tell each as it is
 * @param past for {@code since}, where no report was before
 */
public record Checkup(
        List<Check> checks, Map<String, Map<String, Severity>> severities, Optional<Damping> damping, Past past) {

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
            new MemoryCheck(),
            new EvictionCheck(),
            new CeleryCheck(),
            new KernelCheck(),
            new ClientsCheck(),
            new LatencyCheck(),
            new DriftCheck(),
            new IntrusionCheck(),
            new ForecastCheck(ForecastCheck.DAY));

    /** Those of a server that a Swarm runs as well. */
    public static final List<Check> OF_SERVICES =
            List.of(new ServiceCheck(ServiceCheck.WINDOW), new ExposureCheck(), new LimitsCheck(), new VolumeCheck());

    /** Without damping and without a past. */
    public Checkup(List<Check> checks, Map<String, Map<String, Severity>> severities) {
        this(checks, severities, Optional.empty(), Past.NONE);
    }

    /** All for a loop: where the readings are those of the cycle before, so is what it found, and nothing flaps. */
    public static Checkup repeated(Map<String, Map<String, Severity>> severities, Past past) {
        return new Checkup(STANDARD, severities, Optional.of(Damping.STANDARD), past);
    }

    /** The names of what is examined of each site. */
    public static List<String> siteNames() {
        return SiteCheck.STANDARD.stream().map(SiteCheck::name).toList();
    }

    /** The names of what is examined of the agent itself. */
    public static List<String> ownNames() {
        return List.of(ConfigurationCheck.NAME);
    }

    /** The names that the configuration may use. */
    public static List<String> names() {
        return names(true);
    }

    /** Of a server's checks, and of those of one that a Swarm runs. */
    public static List<String> names(boolean inSwarm) {
        return (inSwarm ? Stream.concat(STANDARD.stream(), OF_SERVICES.stream()) : STANDARD.stream())
                .map(Check::name)
                .toList();
    }

    /** A host without Docker is told nothing of Docker. */
    private List<Check> checksOf(InstanceState instance) {
        return instance.swarm().isEmpty()
                ? checks
                : Stream.concat(checks.stream(), OF_SERVICES.stream()).toList();
    }

    /**
     * The report on a snapshot.
     *
     * @param previous the report before, for {@code since} and for the damping
     */
    public Report examine(Snapshot snapshot, Report previous) {
        List<CheckResult> results = new ArrayList<>(previous.results().size());
        for (InstanceState instance : snapshot.instances()) {
            examine(instance, snapshot, previous, results);
        }
        for (SiteState site : snapshot.sites()) {
            boolean late = damping.isPresent() && Damping.isLate(site);
            for (SiteCheck check : SiteCheck.STANDARD) {
                Verdict found = examined(() -> check.examine(site, snapshot.takenAt()));
                Optional<CheckResult> before = previous.find(results.size(), Kind.SITE, site.name(), check.name());
                results.add(result(Kind.SITE, site.name(), check.name(), before, found, late, snapshot));
            }
        }
        snapshot.configuration().ifPresent(reading -> {
            Verdict found = examined(() -> ConfigurationCheck.examine(reading));
            Optional<CheckResult> before = previous.find(results.size(), Kind.REDIS, "", ConfigurationCheck.NAME);
            results.add(result(Kind.REDIS, "", ConfigurationCheck.NAME, before, found, false, snapshot));
        });
        return Report.of(snapshot, results);
    }

    private void examine(InstanceState instance, Snapshot snapshot, Report previous, List<CheckResult> results) {
        Optional<InstanceState> then =
                damping.isPresent() ? unchanged(instance, snapshot, previous.snapshot()) : Optional.empty();
        boolean late = damping.isPresent() && Damping.isLate(instance, snapshot);
        for (Check check : checksOf(instance)) {
            Optional<CheckResult> before = previous.find(results.size(), Kind.REDIS, instance.name(), check.name());
            if (then.isPresent()
                    && before.isPresent()
                    && before.get().course().isSettled()
                    && check.isLasting(then.get(), previous.snapshot())) {
                results.add(before.get());
            } else {
                Verdict found = found(check, instance, snapshot);
                results.add(result(Kind.REDIS, instance.name(), check.name(), before, found, late, snapshot));
            }
        }
    }

    /** The instance as it was, where all that was read of it is as it was. */
    private static Optional<InstanceState> unchanged(InstanceState instance, Snapshot snapshot, Snapshot before) {
        for (InstanceState was : before.instances()) {
            if (was.name().equals(instance.name())) {
                return Unchanged.is(was, before, instance, snapshot) ? Optional.of(was) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private CheckResult result(
            Kind kind,
            String name,
            String check,
            Optional<CheckResult> before,
            Verdict found,
            boolean late,
            Snapshot snapshot) {
        Instant at = snapshot.takenAt();
        Course course = damping.map(policy -> policy.next(before.map(CheckResult::course), found, late, at))
                .orElseGet(() -> Course.of(found));
        Verdict shown = damping.map(policy -> policy.shown(course)).orElse(found);
        Optional<Instant> unchanged =
                before.filter(was -> was.status() == shown.status()).map(CheckResult::since);
        // What is unknown at first, since it was not read yet, does not end what was before the agent started.
        boolean first = before.filter(was -> was.course().known()).isEmpty();
        Instant since = unchanged
                .or(() -> first ? past.since(name, check, shown.status()) : Optional.empty())
                .orElse(at);
        return new CheckResult(kind, name, check, shown, since, course);
    }

    private Verdict found(Check check, InstanceState instance, Snapshot snapshot) {
        Severity severity = severities.getOrDefault(instance.name(), Map.of()).get(check.name());
        return severity == Severity.OFF
                ? Severity.OFF.apply(Verdict.ok(""))
                : examined(() -> {
                    Verdict verdict = check.examine(instance, snapshot);
                    return severity == null ? verdict : severity.apply(verdict);
                });
    }

    private static Verdict examined(Supplier<Verdict> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Verdict.of(Finding.unknown(
                    "the check itself failed with " + e, "what it proves is not proven", "report this as a defect"));
        }
    }
}
