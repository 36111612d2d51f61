package dev.rediswarden.page;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Health;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/** What is the matter, in one sentence, and since when. */
final class VerdictSection {

    private VerdictSection() {}

    static void write(Html html, Report report) {
        Instant now = report.snapshot().takenAt();
        html.open("section", "class", "verdict " + report.health().word(), "aria-label", "Verdict");
        html.open("h1")
                .element("span", report.health().word(), "class", "status")
                .text(" " + sentence(report))
                .closeLine("h1");
        since(report)
                .ifPresent(at -> html.open("p", "class", "since")
                        .text("for " + Words.lasting(Duration.between(at, now)) + ", since ")
                        .time(at)
                        .closeLine("p"));
        html.closeLine("section");
    }

    /** Without the status itself, which stands before it: {@code 19 checks passed}. */
    static String sentence(Report report) {
        String summary = report.summary();
        int colon = summary.indexOf(": ");
        return colon < 0 ? "" : summary.substring(colon + 2);
    }

    /** All is well since the last check is; something is wrong since the first is, of those that are as bad. */
    private static Optional<Instant> since(Report report) {
        Comparator<Instant> order = Comparator.naturalOrder();
        if (report.health() == Health.OK) {
            return report.results().stream()
                    .filter(result -> result.status() == Status.OK)
                    .map(CheckResult::since)
                    .max(order);
        }
        return report.results().stream()
                .filter(result -> Health.of(result.status()) == report.health())
                .map(CheckResult::since)
                .min(order);
    }
}
