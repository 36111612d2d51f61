package dev.rediswarden.plan;

import java.util.ArrayList;
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

    /** This, and then that. */
    public Plan and(Plan other) {
        List<Action> all = new ArrayList<>(actions);
        all.addAll(other.actions);
        List<Left> stays = new ArrayList<>(left);
        stays.addAll(other.left);
        return new Plan(all, stays);
    }

    public boolean isEmpty() {
        return actions.isEmpty();
    }
}
