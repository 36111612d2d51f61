package dev.rediswarden;

import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import java.util.List;

/**
 * What became of a plan.
 *
 * @param actions how many were tried
 * @param left whether something was left to a person
 * @param failed whether one of them had no effect
 */
record Done(int actions, boolean left, boolean failed) {

    static final Done NOTHING = new Done(0, false, false);

    static Done of(List<Outcome> outcomes, List<Left> left) {
        return new Done(
                outcomes.size(),
                !left.isEmpty(),
                outcomes.stream().anyMatch(outcome -> outcome.result() != Result.DONE));
    }

    Done and(Done other) {
        return new Done(actions + other.actions, left || other.left, failed || other.failed);
    }

    boolean isNothing() {
        return actions == 0;
    }
}
