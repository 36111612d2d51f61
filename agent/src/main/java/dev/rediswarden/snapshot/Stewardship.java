package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code redis-warden apply}, which runs as root, tells of itself.
 *
 * @param pausedUntil until when it changes nothing by itself
 * @param budget by unit: how many starts are left of the window's
 * @param left by unit: why nothing is done about it
 * @param actions since the boot, by result: done, failed, refused
 */
public record Stewardship(
        Optional<Instant> pausedUntil, Map<String, Long> budget, Map<String, String> left, Map<String, Long> actions) {

    /** Nothing was done yet. */
    public static final Stewardship NONE = new Stewardship(Optional.empty(), Map.of(), Map.of(), Map.of());

    public Stewardship {
        budget = Map.copyOf(budget);
        left = Map.copyOf(left);
        actions = Map.copyOf(actions);
    }

    /** Until when it is paused, as seen at that instant; empty where it is not, or no longer. */
    public Optional<Instant> pausedAt(Instant now) {
        return pausedUntil.filter(until -> until.isAfter(now));
    }
}
