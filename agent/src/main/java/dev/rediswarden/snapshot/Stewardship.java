package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code redis-warden apply}, which runs as root, tells of itself.
 *
 * @param pausedUntil until when it changes nothing by itself
 * @param budget by unit: how many starts are left of the window's
 * @param left by unit: why nothing is done about it
 * @param failed by unit: what could not be done about it at the last run, and why
 * @param actions since the boot, by result: done, failed, refused
 * @param contested settings that it has put right in vain
 */
public record Stewardship(
        Optional<Instant> pausedUntil,
        Map<String, Long> budget,
        Map<String, String> left,
        Map<String, String> failed,
        Map<String, Long> actions,
        List<Contested> contested) {

    /** Nothing was done yet. */
    public static final Stewardship NONE = new Stewardship(Optional.empty(), Map.of(), Map.of(), Map.of(), Map.of());

    public Stewardship {
        budget = Map.copyOf(budget);
        left = Map.copyOf(left);
        failed = Map.copyOf(failed);
        actions = Map.copyOf(actions);
        contested = List.copyOf(contested);
    }

    /** Without a word of settings. */
    public Stewardship(
            Optional<Instant> pausedUntil,
            Map<String, Long> budget,
            Map<String, String> left,
            Map<String, String> failed,
            Map<String, Long> actions) {
        this(pausedUntil, budget, left, failed, actions, List.of());
    }

    /** The same, paused until then. */
    public Stewardship paused(Instant until) {
        return new Stewardship(Optional.of(until), budget, left, failed, actions, contested);
    }

    /** The same but for settings. */
    public Stewardship about(Map<String, Long> done, List<Contested> settings) {
        return new Stewardship(pausedUntil, budget, left, failed, done, settings);
    }

    /** Neither paused, nor with anything given up. */
    public Stewardship begunAnew() {
        return new Stewardship(Optional.empty(), Map.of(), Map.of(), Map.of(), actions);
    }

    /** Until when it is paused, as seen at that instant; empty where it is not, or no longer. */
    public Optional<Instant> pausedAt(Instant now) {
        return pausedUntil.filter(until -> until.isAfter(now));
    }

    /** Why a unit is not as it is wanted, where that was tried, or was left: a clause for a finding. */
    public Optional<String> trouble(String unit) {
        String tried = failed.get(unit);
        String leaves = left.get(unit);
        if (tried != null) {
            return Optional.of("redis-warden tried, and failed: " + tried);
        }
        return Optional.ofNullable(leaves).map(reason -> "redis-warden leaves " + unit + ", because " + reason);
    }
}
