package dev.rediswarden;

import dev.rediswarden.check.Alike;
import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Kind;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.check.Verdict;
import dev.rediswarden.systemd.SdNotify;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.tinylog.Logger;

/** Tells the journal what has changed, and the service manager that cycles complete and how things stand. */
final class Announcements {

    /** One for the journal. */
    record Line(Status status, String text) {}

    /** A check that was otherwise before. */
    private record Turn(Status was, CheckResult is) {

        /** What is known again has nothing more to tell than that. */
        Object said() {
            List<Finding> findings = is.verdict().findings();
            return !findings.isEmpty() ? findings : was == Status.UNKNOWN ? is.status() : is;
        }
    }

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
        lines(before, now).forEach(Announcements::log);
    }

    void ready() {
        systemd.send(SdNotify.READY, SdNotify.statusOf(summary));
    }

    /** One line for all of which the same is to be said, the worst first: what made the others so stands above them. */
    static List<Line> lines(Report before, Report now) {
        List<Turn> turns = new ArrayList<>(0);
        for (int i = 0; i < now.results().size(); i++) {
            CheckResult result = now.results().get(i);
            Optional<CheckResult> was = before.find(i, result.kind(), result.instance(), result.check());
            boolean same = was.isPresent() && was.get().status() == result.status();
            if (!same || result.kind() == Kind.SITE) {
                turn(was, before, result, now).ifPresent(turns::add);
            }
        }
        return turns.isEmpty()
                ? List.of()
                : Alike.groups(turns, turn -> turn.is().status(), Turn::said).stream()
                        .map(alike -> line(alike, now))
                        .toList();
    }

    private static Optional<Turn> turn(Optional<CheckResult> earlier, Report before, CheckResult result, Report now) {
        Status was = earlier.filter(found -> !isOfNewSite(found, before))
                .map(CheckResult::status)
                .orElse(Status.OK);
        return was == result.status() || isOfNewSite(result, now)
                ? Optional.empty()
                : Optional.of(new Turn(was, result));
    }

    /** That a site was not asked yet is nothing that has changed. */
    private static boolean isOfNewSite(CheckResult result, Report report) {
        return result.kind() == Kind.SITE
                && report.snapshot().sites().stream()
                        .anyMatch(site -> site.name().equals(result.instance()) && site.isNew());
    }

    private static Line line(List<Turn> alike, Report now) {
        CheckResult first = alike.get(0).is();
        Verdict verdict = first.verdict();
        String keys = alike.stream().map(turn -> now.key(turn.is())).collect(Collectors.joining(", "));
        boolean several = alike.size() > 1;
        String why = several && verdict.findings().isEmpty() ? "" : ": " + verdict.detail();
        return new Line(
                first.status(),
                keys
                        + (several ? " are " : " is ")
                        + first.status().word()
                        + why
                        + verdict.remedy()
                                .map(command -> "; mend with: " + command)
                                .orElse(""));
    }

    private static void log(Line line) {
        switch (line.status()) {
            case OFF, OK -> Logger.info("{}", line.text());
            case UNKNOWN, DEGRADED -> Logger.warn("{}", line.text());
            case UNHEALTHY -> Logger.error("{}", line.text());
        }
    }
}
