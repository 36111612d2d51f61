package dev.rediswarden.cycle;

import dev.rediswarden.check.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The report that every presenter renders. One that has grown too old is told as such, never as it was. */
public final class LatestReport implements Supplier<Report> {

    private record Held(Report report, long at, long cycles, long nanosInCycles) {}

    private final LongSupplier nanos;
    private final Duration maxAge;
    private volatile Held held;

    /** @param maxAge beyond which a report is not believed: three cycles */
    public LatestReport(Instant startedAt, Duration maxAge, LongSupplier nanos) {
        this.nanos = nanos;
        this.maxAge = maxAge;
        this.held = new Held(Report.none(startedAt), nanos.getAsLong(), 0, 0);
    }

    /** Called by the cycle alone. */
    void publish(Report report, long cycleNanos) {
        Held before = held;
        held = new Held(report, nanos.getAsLong(), before.cycles() + 1, before.nanosInCycles() + cycleNanos);
    }

    /** How many cycles were completed since the start. */
    public long cycles() {
        return held.cycles();
    }

    /** The time that all of them took. */
    public Duration timeInCycles() {
        return Duration.ofNanos(held.nanosInCycles());
    }

    /** The report as it was published, however old. */
    Report last() {
        return held.report();
    }

    @Override
    public Report get() {
        Held now = held;
        return now.cycles() > 0 && age(now).compareTo(maxAge) > 0 ? now.report().stale(age(now)) : now.report();
    }

    /** Since the last report was published, or since the start. */
    public Duration age() {
        return age(held);
    }

    /** True while cycles complete. */
    public boolean isLive() {
        Held now = held;
        return now.cycles() > 0 && age(now).compareTo(maxAge) <= 0;
    }

    private Duration age(Held then) {
        return Duration.ofNanos(nanos.getAsLong() - then.at());
    }
}
