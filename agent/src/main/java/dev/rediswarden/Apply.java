package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.Planner;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.systemd.Actuator;
import dev.rediswarden.systemd.Decisions;
import dev.rediswarden.systemd.Manager;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/** Makes the host as it is wanted, its units first: reads, plans, acts, proves, tells. One at a time, by root. */
final class Apply {

    private final Config config;
    private final PrintWriter out;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Decisions decisions = Chronicle.decisions();
    private final Account account;
    private final UnitChanges unitChanges;

    Apply(Config config, PrintWriter out, InstantSource clock, LongSupplier nanos) {
        this.config = config;
        this.out = out;
        this.clock = clock;
        this.nanos = nanos;
        this.account = new Account(out, decisions, new StewardshipFile(StewardshipFile.DEFAULT));
        this.unitChanges = new UnitChanges(RootsLock.STATE, account, nanos);
    }

    /** Prints what would be done. */
    int plan(Scope scope) {
        // While systemd answers, so do the servers.
        CompletableFuture<Optional<Settings.Found>> settings = scope.hasSettings()
                ? CompletableFuture.supplyAsync(() -> Optional.of(settings().look()))
                : CompletableFuture.completedFuture(Optional.empty());
        try (Units units = Units.open(config, nanos)) {
            Snapshot snapshot = read(units, scope);
            Optional<String> blind = Units.blindness(snapshot);
            if (blind.isPresent()) {
                out.println("cannot plan: " + blind.get());
                return Exit.NOT_EVALUATED;
            }
            if (scope.hasUnits() && snapshot.siteUnits() instanceof Reading.Unknown<SiteUnits> unknown) {
                out.println("cannot plan: " + unknown.detail());
                return Exit.NOT_EVALUATED;
            }
            Plan ofUnits = scope.hasUnits() ? new Planner(true).plan(snapshot) : new Plan(List.of(), List.of());
            Plan plan = settings.join()
                    .map(found -> ofUnits.and(found.plan(snapshot)))
                    .orElse(ofUnits);
            PlanText.print(plan, out);
            return plan.isEmpty() ? Exit.OK : Exit.CHANGES;
        }
    }

    private Snapshot read(Units units, Scope scope) {
        return scope.hasUnits() ? units.snapshot(clock.instant()) : units.ofServers(clock.instant());
    }

    private Settings settings() {
        return new Settings(config, RootsLock.STATE, nanos);
    }

    /**
     * Makes it so.
     *
     * @param asked whether a person asks, rather than the daemon
     */
    int apply(boolean asked, Scope scope) throws IOException {
        return new RootsLock(out).during(() -> {
            Stewardship before = account.before();
            Optional<Instant> paused = before.pausedAt(clock.instant());
            if (!asked && paused.isPresent()) {
                out.println("nothing was changed: paused until " + paused.get());
                return Exit.OK;
            }
            try (Units units = Units.open(config, nanos);
                    Manager manager = new Manager(units.bus())) {
                Actuator actuator = units.actuator(manager, RootsLock.STATE);
                if (scope.hasUnits()) {
                    unitChanges.recover(actuator, decisions);
                }
                Snapshot snapshot = read(units, scope);
                Optional<String> blind = Units.blindness(snapshot);
                if (blind.isPresent()) {
                    out.println("nothing was changed: " + blind.get());
                    return Exit.NOT_EVALUATED;
                }
                Done ofUnits =
                        scope.hasUnits() ? unitChanges.carryOut(snapshot, actuator, before, asked) : Done.NOTHING;
                // Anew: a server that was just started has a process by now.
                return end(
                        scope.hasSettings() ? ofUnits.and(carryOutSettings(units.ofServers(clock.instant()))) : ofUnits,
                        scope.hasSettings() ? "the host is as it is" : "the units are as they are");
            } catch (Manager.Refused e) {
                out.println("nothing was changed: " + e.getMessage());
                return Exit.UNHEALTHY;
            }
        });
    }

    /** Who had units made as they are wanted, and nothing else, learns whether settings are not; they are looked at only. */
    void tellOfSettings() {
        try (Units units = Units.open(config, nanos)) {
            if (!settings().look().plan(units.ofServers(clock.instant())).isEmpty()) {
                out.println("settings of Redis or of the kernel are not as they are wished: sudo redis-warden plan");
                out.flush();
            }
        }
    }

    private int end(Done done, String what) {
        if (done.isNothing()) {
            out.println("nothing to do: " + what + " wanted" + (done.left() ? " but for what is left" : ""));
        }
        return done.failed() ? Exit.UNHEALTHY : Exit.OK;
    }

    private Done carryOutSettings(Snapshot units) throws IOException {
        Settings settings = settings();
        SettingChanges changes = new SettingChanges(settings, RootsLock.STATE, account);
        changes.recover();
        Plan plan = settings.look().plan(units);
        List<Outcome> outcomes = changes.carryOut(plan, outcome -> account.tell(List.of(outcome)));
        changes.forget();
        account.say(plan.left());
        return Done.of(outcomes, plan.left());
    }
}
