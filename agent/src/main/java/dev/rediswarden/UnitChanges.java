package dev.rediswarden;

import dev.rediswarden.host.Kernel;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.Planner;
import dev.rediswarden.plan.Refusal;
import dev.rediswarden.plan.RestartBudget;
import dev.rediswarden.plan.Restraint;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.systemd.Actuator;
import dev.rediswarden.systemd.Budgets;
import dev.rediswarden.systemd.Decisions;
import dev.rediswarden.systemd.Decisions.Kind;
import dev.rediswarden.systemd.Enabled;
import dev.rediswarden.systemd.Manager;
import dev.rediswarden.systemd.Refusals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Makes units as they are wanted, as far as what is remembered from earlier runs allows.
 *
 * @param state a directory that only root can read
 */
record UnitChanges(Path state, Account account, LongSupplier nanos) {

    /** Takes back what an interrupted run has left half done. */
    void recover(Actuator actuator, Decisions decisions) throws IOException, Manager.Refused {
        List<String> units = actuator.recover();
        if (!units.isEmpty()) {
            String text = "an earlier run was interrupted: the drop-ins of " + String.join(", ", units)
                    + " are as they were before it";
            account.out().println(text);
            decisions.tell(Kind.TAKEN_BACK, units.get(0), text);
        }
    }

    /**
     * Plans and carries it out.
     *
     * @param asked whether a person asks, rather than the daemon
     */
    Done carryOut(Snapshot snapshot, Actuator actuator, Stewardship before, boolean asked) throws IOException {
        Plan plan = new Planner(asked).plan(snapshot);
        Restraint restraint =
                Restraint.of(plan, snapshot, asked, budgets().read(), refusals().read(), nanos.getAsLong() / 1000);
        List<Action> actions = restraint.plan().actions();
        List<Left> left = restraint.plan().left();
        // Before the deed: a start that takes this process with it has been one as well.
        budgets().write(restraint.budgets());
        enabled().add(actions);
        List<Outcome> outcomes = actuator.carryOut(actions);
        refusals().write(refused(restraint, snapshot, outcomes));
        account.tell(outcomes);
        account.tell(left, before);
        account.publish(before, snapshot, outcomes, restraint);
        if (snapshot.siteUnits() instanceof Reading.Unknown<SiteUnits> unknown) {
            account.out().println("FAILED  order the units of the site: " + unknown.detail());
            return new Done(outcomes.size(), true, true);
        }
        return Done.of(outcomes, left);
    }

    private static Set<Refusal> refused(Restraint restraint, Snapshot snapshot, List<Outcome> outcomes) {
        Set<Refusal> refused = new LinkedHashSet<>(restraint.refusals());
        outcomes.stream()
                .filter(outcome -> outcome.result() == Result.DISPROVED)
                .forEach(outcome -> refused.add(Refusal.of(outcome.action(), snapshot)));
        return refused;
    }

    /** Begins anew with what was given up and refused. */
    void forget() throws IOException {
        budgets().write(Map.<String, RestartBudget>of());
        refusals().write(Set.of());
    }

    /** The units that redis-warden has enabled. */
    Enabled enabled() {
        return new Enabled(state.resolve("enabled"));
    }

    private Budgets budgets() throws IOException {
        return new Budgets(state.resolve("budgets"), Kernel.bootId());
    }

    private Refusals refusals() {
        return new Refusals(state.resolve("refused"));
    }
}
