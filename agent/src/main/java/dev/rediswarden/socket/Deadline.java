package dev.rediswarden.socket;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** When an exchange must be over: one bound for connecting, asking and reading, however many steps they take. */
public record Deadline(LongSupplier nanos, long at) {

    public static Deadline in(Duration timeout, LongSupplier nanos) {
        return new Deadline(nanos, nanos.getAsLong() + timeout.toNanos());
    }

    /** What is left, at least 1 ms, for 0 means "for ever" to a socket. */
    public int millisLeft() throws SocketTimeoutException {
        long left = at - nanos.getAsLong();
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
    }
}
