package dev.rediswarden.snapshot;

import java.time.Duration;

/** How long an answer took, with no more digits than tell something. */
final class Latency {

    private Latency() {}

    /** {@code 0.31 ms}, {@code 12.0 ms}, {@code 250 ms}, {@code 1.59 s}. */
    static String text(Duration latency) {
        double ms = latency.toNanos() / 1e6;
        if (ms < 10) {
            return Math.round(ms * 100) / 100.0 + " ms";
        }
        if (ms < 100) {
            return Math.round(ms * 10) / 10.0 + " ms";
        }
        return ms < 1_000 ? Math.round(ms) + " ms" : Math.round(ms / 10) / 100.0 + " s";
    }
}
