package dev.rediswarden.cli;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One line and an exit code as the Monitoring Plugins' guidelines have them
 * (https://www.monitoring-plugins.org/doc/guidelines.html).
 */
public record NagiosLine(State state, String text) {

    /** The plugin API's states. */
    public enum State {
        OK(0),
        WARNING(1),
        CRITICAL(2),
        UNKNOWN(3);

        private final int exitCode;

        State(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    /** @param evaluated whether all was found out that had to be */
    public static NagiosLine of(Report report, boolean evaluated) {
        State state =
                switch (report.health()) {
                    case UNHEALTHY -> State.CRITICAL;
                    case DEGRADED -> evaluated ? State.WARNING : State.UNKNOWN;
                    case OK -> State.OK;
                };
        String summary = report.summary();
        return new NagiosLine(
                state, line(state, summary.substring(summary.indexOf(": ") + 2)) + " | " + performance(report));
    }

    /** Nothing could be looked at. */
    public static NagiosLine unknown(String reason) {
        return new NagiosLine(State.UNKNOWN, line(State.UNKNOWN, reason));
    }

    private static String line(State state, String text) {
        // A bar begins the figures.
        return "REDIS " + state + " - " + text.replace('|', '/');
    }

    private static String performance(Report report) {
        String latencies = report.results().stream()
                .filter(result -> result.verdict().latency().isPresent())
                .map(result -> "'" + report.key(result) + "'="
                        + milliseconds(result.verdict().latency().orElseThrow()) + "ms;;;0 ")
                .collect(Collectors.joining());
        return latencies
                + "ok=" + count(report, Status.OK)
                + " degraded=" + count(report, Status.DEGRADED)
                + " unhealthy=" + count(report, Status.UNHEALTHY)
                + " unknown=" + count(report, Status.UNKNOWN);
    }

    private static String milliseconds(Duration duration) {
        return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e6);
    }

    private static long count(Report report, Status status) {
        return report.results().stream()
                .map(CheckResult::status)
                .filter(status::equals)
                .count();
    }
}
