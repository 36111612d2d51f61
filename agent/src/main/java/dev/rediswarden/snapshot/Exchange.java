package dev.rediswarden.snapshot;

import java.time.Duration;

/**
 * What it took to ask a server about itself.
 *
 * @param times how often it was asked
 * @param inAll time of all of them
 * @param last time of this one
 * @param connecting time to connect, when the connection was made that is used
 */
public record Exchange(long times, Duration inAll, Duration last, Duration connecting) {

    public static final Exchange NONE = new Exchange(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
}
