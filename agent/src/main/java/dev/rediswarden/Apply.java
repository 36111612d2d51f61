package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.host.Kernel;
import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.Planner;
import dev.rediswarden.plan.Refusal;
import dev.rediswarden.plan.Restraint;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.systemd.Actuator;
import dev.rediswarden.systemd.Budgets;
import dev.rediswarden.systemd.Bus;
import dev.rediswarden.systemd.Decisions;
import dev.rediswarden.systemd.Decisions.Kind;
import dev.rediswarden.systemd.DropIns;
import dev.rediswarden.systemd.Enabled;
import dev.rediswarden.systemd.Manager;
import dev.rediswarden.systemd.Refusals;
import dev.rediswarden.systemd.SiteUnitsProbe;
import dev.rediswarden.systemd.UnitProbe;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Makes the host as it is wanted, its units first: reads, plans, acts, proves, tells. One at a time, by root. */
final class Apply {

    /** What only root reads: the budgets, what was refused, and what is under way. */
    static final Path STATE = Path.of("/var/lib/redis-warden-apply");

    private static final Duration BUS_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(90);

    /** How long a start is followed: a server that loads a large dataset takes longer, and is on its way. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    private final Config config;
    private final PrintWriter out;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Decisions decisions = Decisions.ofHost();
    private final StewardshipFile published = new StewardshipFile(StewardshipFile.DEFAULT);
    private final Account account;

    Apply(Config config, PrintWriter out, InstantSource clock, LongSupplier nanos) {
        this.config = config;
        this.out = out;
        this.clock = clock;
        this.nanos = nanos;
        this.account = new Account(out, decisions, published);
    }

    /** Everything that one look at the host needs. */
    private record Host(Bus bus, Map<String, UnitProbe> units, SiteUnitsProbe site) implements AutoCloseable {

        static Host open(Config config, LongSupplier nanos) {
            Bus bus = Bus.system(System.getenv(), BUS_TIMEOUT, nanos);
            Map<String, UnitProbe> units = new LinkedHashMap<>();
            for (RedisInstance redis : config.redis()) {
                if (!redis.units().isEmpty()) {
                    units.put(redis.name(), new UnitProbe(redis.units(), bus, nanos, () -> {}));
                }
            }
            return new Host(
                    bus,
                    units,
                    new SiteUnitsProbe(
                            config.order(), config.unitsByInstance(), bus, DropIns.ofHost(), nanos, () -> {}));
        }

        Snapshot snapshot(Instant at) {
            return new Snapshot(at, unread(), site.read(), unread(), instances(UnitProbe::read));
        }

        /** After something was done about units; of the site's nothing is needed then. */
        Snapshot anew(Instant at) {
            return new Snapshot(at, unread(), unread(), unread(), instances(UnitProbe::readAnew));
        }

        private List<InstanceState> instances(Function<UnitProbe, Reading<UnitState>> reading) {
            List<InstanceState> instances = new ArrayList<>();
            units.forEach((name, probe) -> instances.add(new InstanceState(
                    name,
                    Policy.VPS,
                    Optional.of(reading.apply(probe)),
                    unread(),
                    unread(),
                    unread(),
                    unread(),
                    unread())));
            return instances;
        }

        private static <T> Reading<T> unread() {
            return Reading.unknown(Cause.NOT_READ, "not needed for a plan");
        }

        @Override
        public void close() {
            units.values().forEach(UnitProbe::close);
            site.close();
            bus.close();
        }
    }

    /**
     * Prints what would be done.
     *
     * @param unitsAlone whether settings are left out
     */
    int plan(boolean unitsAlone) {
        // While systemd answers, so do the servers.
        CompletableFuture<Optional<Settings.Found>> settings = unitsAlone
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.supplyAsync(() -> Optional.of(settings().look()));
        try (Host host = Host.open(config, nanos)) {
            Snapshot snapshot = host.snapshot(clock.instant());
            Optional<String> blind = blindness(snapshot);
            if (blind.isPresent()) {
                out.println("cannot plan: " + blind.get());
                return Exit.NOT_EVALUATED;
            }
            if (snapshot.siteUnits() instanceof Reading.Unknown<SiteUnits> unknown) {
                out.println("cannot plan: " + unknown.detail());
                return Exit.NOT_EVALUATED;
            }
            Plan units = new Planner(true).plan(snapshot);
            Plan plan = settings.join()
                    .map(found -> units.and(found.plan(snapshot)))
                    .orElse(units);
            PlanText.print(plan, out);
            return plan.isEmpty() ? Exit.OK : Exit.CHANGES;
        }
    }

    private Settings settings() {
        return new Settings(config, STATE, nanos);
    }

    /**
     * Makes it so.
     *
     * @param asked whether a person asks, rather than the daemon
     * @param unitsAlone whether settings of servers and of the kernel are left as they are
     */
    int apply(boolean asked, boolean unitsAlone) throws IOException {
        return locked(() -> {
            Stewardship before = account.before();
            Optional<Instant> paused = before.pausedAt(clock.instant());
            if (!asked && paused.isPresent()) {
                out.println("nothing was changed: paused until " + paused.get());
                return Exit.OK;
            }
            try (Host host = Host.open(config, nanos);
                    Manager manager = new Manager(host.bus())) {
                Actuator actuator = actuator(host, manager);
                recover(actuator);
                Snapshot snapshot = host.snapshot(clock.instant());
                Optional<String> blind = blindness(snapshot);
                if (blind.isPresent()) {
                    out.println("nothing was changed: " + blind.get());
                    return Exit.NOT_EVALUATED;
                }
                Plan plan = new Planner(asked).plan(snapshot);
                Done units = carryOut(plan, snapshot, actuator, before, asked);
                // Anew: a server that was just started has a process by now.
                Done done = unitsAlone ? units : units.and(carryOutSettings(host.anew(clock.instant())));
                if (done.isNothing()) {
                    out.println("nothing to do: the host is as it is wanted"
                            + (done.left() ? " but for what is left" : ""));
                }
                return done.failed() ? Exit.UNHEALTHY : Exit.OK;
            } catch (Manager.Refused e) {
                out.println("nothing was changed: " + e.getMessage());
                return Exit.UNHEALTHY;
            }
        });
    }

    /** What became of a plan. */
    private record Done(int actions, boolean left, boolean failed) {

        Done and(Done other) {
            return new Done(actions + other.actions, left || other.left, failed || other.failed);
        }

        boolean isNothing() {
            return actions == 0;
        }
    }

    private Done carryOutSettings(Snapshot units) throws IOException {
        Settings settings = settings();
        settings.recover().forEach(text -> {
            out.println(text);
            decisions.tell(Kind.TAKEN_BACK, "redis-warden.service", text);
        });
        Plan plan = settings.look().plan(units);
        List<Outcome> outcomes = settings.carryOut(plan, this::progress, outcome -> {
            account.tell(List.of(outcome));
            out.flush();
        });
        account.say(plan.left());
        return new Done(outcomes.size(), !plan.left().isEmpty(), hasFailed(outcomes));
    }

    private void progress(String line) {
        out.println("…       " + line);
        out.flush();
    }

    /**
     * Takes back what was written.
     *
     * @param unitsAlone whether settings stay as they are
     */
    int revert(boolean unitsAlone) throws IOException {
        return locked(() -> {
            try (Host host = Host.open(config, nanos);
                    Manager manager = new Manager(host.bus())) {
                Actuator actuator = actuator(host, manager);
                recover(actuator);
                SiteUnits files = new SiteUnits(List.of(), DropIns.ofHost().list());
                List<Action> actions = Planner.revert(files).actions();
                List<Outcome> outcomes = actuator.remove(actions);
                account.tell(outcomes);
                List<String> disabled = disable(manager);
                Done settings = unitsAlone ? new Done(0, false, false) : revertSettings();
                if (outcomes.isEmpty() && disabled.isEmpty() && settings.isNothing()) {
                    out.println("nothing to take back");
                }
                // The daemon would have it made again.
                setPause(Duration.ofDays(7));
                out.println("redis-warden changes nothing by itself until the next boot, or: sudo redis-warden resume");
                return hasFailed(outcomes) || settings.failed() ? Exit.UNHEALTHY : Exit.OK;
            } catch (Manager.Refused e) {
                out.println("not everything was taken back: " + e.getMessage());
                return Exit.UNHEALTHY;
            }
        });
    }

    private Done revertSettings() throws IOException {
        List<Left> left = new ArrayList<>();
        List<Outcome> outcomes = settings().revert(left);
        account.tell(outcomes);
        account.say(left);
        return new Done(outcomes.size(), !left.isEmpty(), hasFailed(outcomes));
    }

    /** What was enabled by redis-warden; each is forgotten once it is taken back. */
    private List<String> disable(Manager manager) throws IOException, Manager.Refused {
        Enabled enabled = new Enabled(STATE.resolve("enabled"));
        List<String> units = enabled.read();
        for (String unit : units) {
            manager.disable(unit);
            enabled.forget(unit);
            out.println("done    disable " + unit + ", which was enabled by redis-warden");
        }
        if (!units.isEmpty()) {
            manager.reload();
        }
        return units;
    }

    /** For maintenance: nothing is changed until then but by a person. */
    int pause(Duration duration) throws IOException {
        return locked(() -> {
            Instant until = setPause(duration);
            out.println("paused until " + until + "; to end it sooner: sudo redis-warden resume");
            return Exit.OK;
        });
    }

    private Instant setPause(Duration duration) throws IOException {
        Stewardship before = account.before();
        Instant until = clock.instant().plus(duration).truncatedTo(ChronoUnit.SECONDS);
        published.write(
                new Stewardship(Optional.of(until), before.budget(), before.left(), before.failed(), before.actions()));
        decisions.tell(Kind.PAUSED, "redis-warden.service", "paused until " + until + " by an administrator");
        return until;
    }

    /** Ends a pause, begins anew with what was given up, and does what is to be done. */
    int resume() throws IOException {
        int resumed = locked(() -> {
            Stewardship before = account.before();
            published.write(new Stewardship(Optional.empty(), Map.of(), Map.of(), Map.of(), before.actions()));
            budgets().write(Map.of());
            refusals().write(Set.of());
            decisions.tell(Kind.RESUMED, "redis-warden.service", "resumed by an administrator, with full budgets");
            out.println("resumed; budgets are full again");
            return Exit.OK;
        });
        return resumed == Exit.OK ? apply(false, true) : resumed;
    }

    /** Something of root's that no other run may come between. */
    interface Work {
        int run() throws IOException;
    }

    int locked(Work work) throws IOException {
        directory(STATE, "rwx------");
        directory(StewardshipFile.DIRECTORY, "rwxr-xr-x");
        try (FileChannel file =
                        FileChannel.open(STATE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(file)) {
            if (lock == null) {
                out.println("another redis-warden apply is at work, and does not end");
                return Exit.TEMPORARY;
            }
            return work.run();
        } finally {
            out.flush();
        }
    }

    /** Waits as long as another run may take; null where that is over. */
    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        CompletableFuture<FileLock> lock = CompletableFuture.supplyAsync(() -> {
            try {
                return file.lock();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            return lock.get(LOCK_PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void directory(Path path, String mode) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }

    private Actuator actuator(Host host, Manager manager) {
        Map<String, UnitProbe> byUnit = new HashMap<>(host.units());
        return new Actuator(
                manager,
                DropIns.ofHost(),
                STATE,
                host.site()::readAnew,
                unit -> byUnit.values().stream()
                        .map(UnitProbe::readAnew)
                        .filter(reading -> reading.fold(state -> state.id().equals(unit), unknown -> false))
                        .findFirst()
                        .orElse(Reading.unknown(Cause.UNAVAILABLE, unit + " is not there")),
                START_PATIENCE);
    }

    private void recover(Actuator actuator) throws IOException, Manager.Refused {
        List<String> units = actuator.recover();
        if (!units.isEmpty()) {
            String text = "an earlier run was interrupted: the drop-ins of " + String.join(", ", units)
                    + " are as they were before it";
            out.println(text);
            decisions.tell(Kind.TAKEN_BACK, units.get(0), text);
        }
    }

    /** What is not known is not acted upon; where nothing is, there is nothing to act upon. */
    private static Optional<String> blindness(Snapshot snapshot) {
        Optional<String> blind = Optional.empty();
        for (InstanceState instance : snapshot.instances()) {
            if (instance.unit().isPresent() && instance.unit().get() instanceof Reading.Unknown<UnitState> unknown) {
                blind = Optional.of(unknown.detail());
            } else {
                return Optional.empty();
            }
        }
        return blind;
    }

    private Budgets budgets() throws IOException {
        return new Budgets(STATE.resolve("budgets"), Kernel.bootId());
    }

    private static Refusals refusals() {
        return new Refusals(STATE.resolve("refused"));
    }

    private Done carryOut(Plan plan, Snapshot snapshot, Actuator actuator, Stewardship before, boolean asked)
            throws IOException {
        Restraint restraint =
                Restraint.of(plan, snapshot, asked, budgets().read(), refusals().read(), nanos.getAsLong() / 1000);
        List<Action> actions = restraint.plan().actions();
        List<Left> left = restraint.plan().left();
        // Before the deed: a start that takes this process with it has been one as well.
        budgets().write(restraint.budgets());
        new Enabled(STATE.resolve("enabled")).add(actions);
        List<Outcome> outcomes = actuator.carryOut(actions);
        Set<Refusal> refused = new LinkedHashSet<>(restraint.refusals());
        outcomes.stream()
                .filter(outcome -> outcome.result() == Result.DISPROVED)
                .forEach(outcome -> refused.add(Refusal.of(outcome.action(), snapshot)));
        refusals().write(refused);
        account.tell(outcomes);
        account.tell(left, before);
        account.publish(before, snapshot, outcomes, restraint);
        if (snapshot.siteUnits() instanceof Reading.Unknown<SiteUnits> unknown) {
            out.println("FAILED  order the units of the site: " + unknown.detail());
            return new Done(outcomes.size(), true, true);
        }
        return new Done(outcomes.size(), !left.isEmpty(), hasFailed(outcomes));
    }

    private static boolean hasFailed(List<Outcome> outcomes) {
        return outcomes.stream().anyMatch(outcome -> outcome.result() != Result.DONE);
    }
}
