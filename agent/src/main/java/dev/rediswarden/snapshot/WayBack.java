package dev.rediswarden.snapshot;

import java.util.List;

/**
 * The way by which Redis itself starts after a unit that is to start after it.
 *
 * @param units from Redis' to the other, each of which starts after the next; at least two
 */
public record WayBack(List<String> units) {

    public WayBack {
        units = List.copyOf(units);
    }

    /** {@code redis-server.service After=shop.target After=celery.service}. */
    @Override
    public String toString() {
        return String.join(" After=", units);
    }

    /** What opens the way: a drop-in cannot take a dependency away, and it may stand in either of the two. */
    public String remedy() {
        String before = units.get(units.size() - 2);
        String after = units.get(units.size() - 1);
        return "sudo systemctl edit --full '" + before + "' && sudo redis-warden apply # take After=" + after
                + " out, or Before=" + before + " out of " + after;
    }
}
