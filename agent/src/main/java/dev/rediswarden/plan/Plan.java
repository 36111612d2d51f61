package dev.rediswarden.plan;

import java.util.List;

/**
 * What to do, in this order, and what is left to a person.
 *
 * @param actions none where the host is as it is wanted
 */
public record Plan(List<Action> actions, List<Left> left) {

    public Plan {
        actions = List.copyOf(actions);
        left = List.copyOf(left);
    }

    public boolean isEmpty() {
        return actions.isEmpty();
    }
}
