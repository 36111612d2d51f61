package dev.rediswarden;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.systemd.SdNotify;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.tinylog.Logger;

/** Tells the journal what has changed, and the service manager that cycles complete and how things stand. */
final class Announcements {

    private final SdNotify systemd;
    private final LongSupplier nanos;
    private final Duration feedEvery;
    private volatile String summary = "";
    private String told = "";
    private long fedAt;

    Announcements(SdNotify systemd, LongSupplier nanos) {
        this.systemd = systemd;
        this.nanos = nanos;
        // A third of what is allowed: one datagram may be lost, and systemd is not woken at each second.
        this.feedEvery = systemd.watchdogTimeout().orElse(Duration.ofHours(1)).dividedBy(3);
        this.fedAt = nanos.getAsLong() - feedEvery.toNanos();
    }

    /** Called by the cycle, after each: a cycle that is stuck feeds no watchdog. */
    void published(Report before, Report now) {
        summary = now.summary();
        if (!summary.equals(told)) {
            told = summary;
            systemd.status(summary);
        }
        if (nanos.getAsLong() - fedAt >= feedEvery.toNanos()) {
            fedAt = nanos.getAsLong();
            systemd.watchdog();
        }
        now.results().forEach(result -> logChange(before, now, result));
    }

    void ready() {
        systemd.send(SdNotify.READY, SdNotify.statusOf(summary));
    }

    private static void logChange(Report before, Report now, CheckResult result) {
        Status was = before.results().stream()
                .filter(result::isOfSameAs)
                .map(CheckResult::status)
                .findFirst()
                .orElse(Status.OK);
        if (was == result.status()) {
            return;
        }
        Verdict verdict = result.verdict();
        String line = now.key(result) + " is " + result.status().word() + ": " + verdict.detail()
                + verdict.remedy().map(command -> "; mend with: " + command).orElse("");
        switch (result.status()) {
            case OFF, OK -> Logger.info("{}", line);
            case UNKNOWN, DEGRADED -> Logger.warn("{}", line);
            case UNHEALTHY -> Logger.error("{}", line);
        }
    }
}
