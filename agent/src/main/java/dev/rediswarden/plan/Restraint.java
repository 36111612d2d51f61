package dev.rediswarden.plan;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What of a plan is carried out now: all of it where a person asks, else what the restart budgets allow, and no drop-in
 * that systemd did not take before.
 *
 * @param plan what is carried out, and with its reason what is not
 * @param budgets as they are once the plan is carried out
 * @param refusals those that still count
 */
public record Restraint(Plan plan, Map<String, RestartBudget> budgets, Set<Refusal> refusals) {

    public Restraint {
        budgets = Map.copyOf(budgets);
        refusals = Set.copyOf(refusals);
    }

    /**
     * Holds a plan back as far as it must be.
     *
     * @param asked whether a person asks: then budgets begin anew, and what was refused is tried anew
     * @param spent the budgets by unit; one that is not in it is full
     * @param refused what systemd did not take before
     * @param now on the kernel's monotonic clock, in microseconds
     */
    public static Restraint of(
            Plan plan,
            Snapshot snapshot,
            boolean asked,
            Map<String, RestartBudget> spent,
            Set<Refusal> refused,
            long now) {
        Set<Refusal> refusals = new LinkedHashSet<>();
        if (!asked) {
            refused.stream().filter(refusal -> refusal.isOf(snapshot)).forEach(refusals::add);
        }
        Map<String, RestartBudget> budgets = new LinkedHashMap<>(spent);
        List<Action> actions = new ArrayList<>();
        List<Left> left = new ArrayList<>(plan.left());
        for (Action action : plan.actions()) {
            if (action instanceof Action.Start start && !start.failure().isEmpty()) {
                if (asked) {
                    budgets.remove(start.unit());
                    actions.add(start);
                } else {
                    again(start, activeEntered(snapshot, start.unit()), budgets, now)
                            .ifPresentOrElse(left::add, () -> actions.add(start));
                }
            } else if (refusals.contains(Refusal.of(action, snapshot))) {
                left.add(refused(action));
            } else {
                refusals.removeIf(refusal -> refusal.unit().equals(action.unit()));
                actions.add(action);
            }
        }
        return new Restraint(new Plan(actions, left), budgets, refusals);
    }

    private static Left refused(Action action) {
        return new Left(
                action.unit(),
                "systemd did not take its drop-in, which was taken back and is not tried again until the rule changes",
                "systemd-analyze verify " + action.unit() + "; sudo redis-warden apply --units");
    }

    /** Why a failed unit is not started now; empty where it is, and the start is counted. */
    private static Optional<Left> again(
            Action.Start start, long activeEntered, Map<String, RestartBudget> budgets, long now) {
        RestartBudget budget =
                budgets.getOrDefault(start.unit(), RestartBudget.FULL).at(now, activeEntered);
        String command = "sudo journalctl -u " + start.unit() + " -n 50; sudo redis-warden apply --units";
        return switch (budget.decide(now)) {
            case START -> {
                budgets.put(start.unit(), budget.started(now));
                yield Optional.empty();
            }
            case WAIT -> {
                budgets.put(start.unit(), budget);
                yield Optional.of(new Left(
                        Left.Kind.WAITING,
                        start.unit(),
                        "it failed again (result " + start.failure() + ") and is started again after a pause",
                        command));
            }
            case GIVE_UP -> {
                budgets.put(start.unit(), budget.givenUp(now));
                yield Optional.of(new Left(
                        Left.Kind.GAVE_UP,
                        start.unit(),
                        "gave up, because it was started " + budget.starts().size()
                                + " times within ten minutes and failed again (result " + start.failure() + ")",
                        command));
            }
        };
    }

    private static long activeEntered(Snapshot snapshot, String unit) {
        return snapshot.instances().stream()
                .flatMap(instance -> instance.unit().flatMap(Reading::optional).stream())
                .filter(state -> state.id().equals(unit))
                .mapToLong(UnitState::activeEnteredMicros)
                .findFirst()
                .orElse(0);
    }
}
