package dev.rediswarden.cycle;

import dev.rediswarden.check.Report;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The report that every presenter renders. One that has grown too old is told as such, never as it was. */
public final class LatestReport implements Supplier<Report> {

    private record Held(Report report, long at, boolean complete) {}

    private final LongSupplier nanos;
    private final Duration maxAge;
    private volatile Held held;

    /** @param maxAge beyond which a report is not believed: three cycles */
    public LatestReport(Instant startedAt, Duration maxAge, LongSupplier nanos) {
        this.nanos = nanos;
        this.maxAge = maxAge;
        this.held = new Held(Report.none(startedAt), nanos.getAsLong(), false);
    }

    void publish(Report report) {
        held = new Held(report, nanos.getAsLong(), true);
    }

    /** The report as it was published, however old. */
    Report last() {
        return held.report();
    }

    @Override
    public Report get() {
        Held now = held;
        return now.complete() && age(now).compareTo(maxAge) > 0 ? now.report().stale(age(now)) : now.report();
    }

    /** Since the last report was published, or since the start. */
    public Duration age() {
        return age(held);
    }

    /** True while cycles complete. */
    public boolean isLive() {
        Held now = held;
        return now.complete() && age(now).compareTo(maxAge) <= 0;
    }

    private Duration age(Held then) {
        return Duration.ofNanos(nanos.getAsLong() - then.at());
    }
}
