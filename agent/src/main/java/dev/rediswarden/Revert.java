package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.systemd.Actuator;
import dev.rediswarden.systemd.Decisions;
import dev.rediswarden.systemd.Manager;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Takes back what was written, enabled and set, and pauses: the daemon would have it made again. */
final class Revert {

    private static final Duration PAUSE = Duration.ofDays(7);

    private final Config config;
    private final PrintWriter out;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Decisions decisions = Chronicle.decisions();
    private final Account account;
    private final UnitChanges unitChanges;

    Revert(Config config, PrintWriter out, InstantSource clock, LongSupplier nanos) {
        this.config = config;
        this.out = out;
        this.clock = clock;
        this.nanos = nanos;
        this.account = new Account(out, decisions, new StewardshipFile(StewardshipFile.DEFAULT));
        this.unitChanges = new UnitChanges(RootsLock.STATE, account, nanos);
    }

    /** @param asked whether a person asks, rather than the removal of the package, after which there is no daemon */
    int run(Scope scope, boolean asked) throws IOException {
        return new RootsLock(out).during(() -> {
            try (Units units = Units.open(config, nanos);
                    Manager manager = new Manager(units.bus())) {
                Done done = scope.hasUnits() ? ofUnits(units, manager) : Done.NOTHING;
                if (scope.hasSettings()) {
                    done = done.and(ofSettings());
                }
                if (done.isNothing()) {
                    out.println(scope.hasSettings() ? "nothing to take back" : "units: nothing to take back");
                }
                if (asked) {
                    new Maintenance(config, out, clock, nanos).begin(account, PAUSE);
                    out.println(
                            "redis-warden changes nothing by itself until the next boot, or: sudo redis-warden resume");
                }
                return done.failed() ? Exit.UNHEALTHY : Exit.OK;
            } catch (Manager.Refused e) {
                out.println("not everything was taken back: " + e.getMessage());
                return Exit.UNHEALTHY;
            }
        });
    }

    private Done ofUnits(Units units, Manager manager) throws IOException, Manager.Refused {
        Actuator actuator = units.actuator(manager, RootsLock.STATE);
        unitChanges.recover(actuator, decisions);
        List<Outcome> outcomes = Units.removeDropIns(actuator);
        account.tell(outcomes);
        int disabled = Units.disable(
                manager,
                unitChanges.enabled(),
                unit -> out.println("done    disable " + unit + ", which was enabled by redis-warden"));
        return Done.of(outcomes, List.of()).and(new Done(disabled, false, false));
    }

    private Done ofSettings() throws IOException {
        List<Left> left = new ArrayList<>();
        List<Outcome> outcomes = new Settings(config, RootsLock.STATE, nanos).revert(left);
        account.tell(outcomes);
        account.say(left);
        return Done.of(outcomes, left);
    }
}
