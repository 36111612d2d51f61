package dev.rediswarden.snapshot;

import java.time.Duration;
import java.util.Optional;

/**
 * What runs out at the rate of the last hours.
 *
 * @param enough whether there was enough history to look at, of one of them at least
 * @param memory up to its limit; empty where it grows no nearer, or not steadily
 * @param disk that the server's data is on; likewise
 */
public record Forecast(boolean enough, Optional<Trend> memory, Optional<Trend> disk) {

    /** Where there is no history to draw it from; one object, by which it is known that nothing has changed. */
    public static final Reading<Forecast> NOT_DRAWN =
            Reading.unknown(Reading.Cause.NOT_READ, "no history is kept here");

    /** Too little is known yet. */
    public static final Forecast NONE = new Forecast(false, Optional.empty(), Optional.empty());

    /**
     * A steady decline of what is left.
     *
     * @param left until nothing is left
     * @param perHour bytes
     * @param over how long it was watched
     */
    public record Trend(Duration left, double perHour, Duration over) {}
}
