package dev.rediswarden.cycle;

import java.time.Duration;

/**
 * How often a probe is run, and how long it is believed.
 *
 * @param every from one start to the next
 * @param deadline a run that takes longer is told as unknown, until it ends
 */
public record Pace(Duration every, Duration deadline) {

    /** With room for one answer that takes its whole timeout: a hung server is told as one, not as a hung probe. */
    public Pace allowing(Duration timeout) {
        Duration least = timeout.plusSeconds(2);
        return least.compareTo(deadline) > 0 ? new Pace(every, least) : this;
    }

    /** PING and the unit's state. */
    public static Pace fast(Duration every) {
        return new Pace(every, Duration.ofSeconds(5));
    }

    /** INFO, CONFIG, sockets, files. */
    public static Pace slow(Duration every) {
        return new Pace(every, Duration.ofSeconds(10));
    }
}
