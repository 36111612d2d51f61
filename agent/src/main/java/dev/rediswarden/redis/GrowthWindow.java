package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Growth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * What counters have grown by within the last minutes, told from the counters, which know no time and return to 0 by
 * CONFIG RESETSTAT.
 */
final class GrowthWindow {

    private record Step(long at, String counter, long by) {}

    private final long length;
    private final Deque<Step> steps = new ArrayDeque<>();
    private final Map<String, Long> counters = new HashMap<>();
    private String run = "";

    GrowthWindow(Duration length) {
        this.length = length.toNanos();
    }

    /**
     * Takes note of the counters; what one holds at its first look happened at an unknown time and is not counted.
     *
     * @param runId whose counters they are (INFO's {@code run_id}): another start of the server begins anew
     * @param now nanoseconds of a monotonic clock
     * @return what was seen within the window that ends now
     */
    Growth observe(String runId, Map<String, Long> counts, long now) {
        if (!run.equals(runId)) {
            steps.clear();
            counters.clear();
            run = runId;
        }
        counts.forEach((counter, count) -> {
            Long before = counters.put(counter, count);
            if (before != null && !before.equals(count)) {
                steps.addLast(new Step(now, counter, count < before ? count : count - before));
            }
        });
        while (!steps.isEmpty() && now - steps.getFirst().at() >= length) {
            steps.removeFirst();
        }
        Map<String, Long> grown = new HashMap<>();
        steps.forEach(step -> grown.merge(step.counter(), step.by(), Long::sum));
        return new Growth(grown);
    }
}
