package dev.rediswarden;

import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.time.Duration;
import java.util.function.LongSupplier;

/** A probe that is read now and then, and its last reading: for what no check looks at. */
final class Seldom<T> {

    private final Probe<T> probe;
    private final long every;
    private final LongSupplier nanos;
    private volatile Reading<T> last = Reading.unknown(Cause.NOT_READ, "not read yet");
    private long readAt;

    Seldom(Probe<T> probe, Duration every, LongSupplier nanos) {
        this.probe = probe;
        this.every = every.toNanos();
        this.nanos = nanos;
        this.readAt = nanos.getAsLong() - this.every;
    }

    /** Reads it if that is due; by one thread. */
    void look() {
        long now = nanos.getAsLong();
        if (now - readAt >= every) {
            readAt = now;
            last = probe.read();
        }
    }

    Reading<T> last() {
        return last;
    }
}
