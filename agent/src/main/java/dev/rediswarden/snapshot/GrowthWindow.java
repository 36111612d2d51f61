package dev.rediswarden.snapshot;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What counters have grown by within the last minutes, told from the counters, which know no time and return to 0:
 * INFO's by CONFIG RESETSTAT, systemd's NRestarts when the unit is started by hand (org.freedesktop.systemd1(5)).
 */
public final class GrowthWindow {

    private record Step(long at, String counter, long by) {}

    private final long length;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<String, Long> counters = new HashMap<>();
    private String owner = "";

    public GrowthWindow(Duration length) {
        this.length = length.toNanos();
    }

    /**
     * Takes note of the counters; what one holds at its first look happened at an unknown time and is not counted.
     *
     * @param owner whose counters they are (INFO's {@code run_id}, a unit's name): another one's begin anew
     * @param now nanoseconds of a monotonic clock
     * @return what was seen within the window that ends now
     */
    public Growth observe(String owner, Map<String, Long> counts, long now) {
        if (!this.owner.equals(owner)) {
            steps.clear();
            counters.clear();
            this.owner = owner;
        }
        counts.forEach((counter, count) -> {
            Long before = counters.put(counter, count);
            if (before != null && !before.equals(count)) {
                steps.addLast(new Step(now, counter, count < before ? count : count - before));
            }
        });
        return at(now);
    }

    /** The same, without a new look at the counters. */
    public Growth at(long now) {
        while (!steps.isEmpty() && now - steps.getFirst().at() >= length) {
            steps.removeFirst();
        }
        Map<String, Long> grown = new HashMap<>();
        steps.forEach(step -> grown.merge(step.counter(), step.by(), Long::sum));
        return new Growth(grown);
    }
}
