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

    /** Shows the files of both, in one of which it stands: a drop-in of its own could not take it away. */
    public String remedy() {
        String before = units.get(units.size() - 2);
        String after = units.get(units.size() - 1);
        return "systemctl cat '" + before + "' '" + after + "' # take After=" + after + " out of the first, or Before="
                + before + " out of the other; then: sudo systemctl daemon-reload && sudo redis-warden apply --units";
    }
}
