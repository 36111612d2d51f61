package dev.rediswarden.cycle;

import java.time.Duration;

/**
 * How often a probe is run, and how long it is believed.
 *
 * @param every from one start to the next
 * @param deadline a run that takes longer is told as unknown, until it ends
 */
public record Pace(Duration every, Duration deadline) {

    /**
     * PING and the unit's state.
     *
     * @param timeout that the probe itself keeps: a deadline beyond it means a probe that hangs
     */
    public static Pace fast(Duration every, Duration timeout) {
        return new Pace(every, timeout.plusSeconds(4));
    }

    /** INFO, CONFIG, sockets, files. */
    public static Pace slow(Duration every, Duration timeout) {
        return new Pace(every, timeout.plusSeconds(9));
    }
}
