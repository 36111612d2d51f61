package dev.rediswarden.redis;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** How long the last answers took: two minutes of them at the usual pace. */
final class Timings {

    private static final int SIZE = 120;

    /** With fewer, the slowest alone would be the p99. */
    private static final int ENOUGH = 101;

    private final long[] nanos = new long[SIZE];
    private int count;

    void add(Duration latency) {
        nanos[count++ % SIZE] = latency.toNanos();
        if (count == 2 * SIZE) {
            count = SIZE;
        }
    }

    /** Forgets: what was before an absence says nothing of now. */
    void clear() {
        count = 0;
    }

    /** What 99 % of them stayed within (nearest rank); empty for too few. */
    Optional<Duration> p99() {
        int known = Math.min(count, SIZE);
        if (known < ENOUGH) {
            return Optional.empty();
        }
        long[] sorted = Arrays.copyOf(nanos, known);
        Arrays.sort(sorted);
        return Optional.of(Duration.ofNanos(sorted[(known * 99 + 99) / 100 - 1]));
    }
}
