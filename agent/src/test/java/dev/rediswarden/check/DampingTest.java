package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static dev.rediswarden.snapshot.Given.timeouts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whole reports, one after the other, as the agent tells them. */
class DampingTest {

    private static final Given DOWN = healthy().with(ping(Outcome.REFUSED, "Connection refused"));
    private static final Given LOADING = healthy().with(ping(Outcome.LOADING, "LOADING"));
    private static final Given DENIED = healthy().withListeners(Given.unknown());
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Checkup checkup = Checkup.repeated(Map.of(), Past.NONE);
    private Report report = Report.none(NOW);
    private Instant now = NOW;

    @Test
    void whatIsCertainIsToldAtOnce() {
        next(healthy());
        assertThat(next(DOWN, "ping")).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void whatIsBetterIsToldByTheSecondCycle() {
        next(healthy());
        next(DOWN);
        Instant since = report.result("ping").orElseThrow().since();

        assertThat(next(healthy(), "ping")).isEqualTo(Status.UNHEALTHY);
        CheckResult held = report.result("ping").orElseThrow();
        assertThat(held.verdict().detail())
                .startsWith("127.0.0.1:6379 cannot be reached")
                .endsWith("(not seen for 1 of 2 cycles)");
        assertThat(held.since()).isEqualTo(since);
        assertThat(report.isRecovering()).isTrue();

        assertThat(next(healthy(), "ping")).isEqualTo(Status.OK);
        assertThat(report.result("ping").orElseThrow().verdict().detail())
                .startsWith("PONG")
                .doesNotContain("cycles");
        assertThat(report.result("ping").orElseThrow().since()).isEqualTo(now);
        assertThat(report.isRecovering()).isFalse();
    }

    @Test
    void whatImprovesInStepsIsToldAsTheWorseOfTwo() {
        next(DOWN);
        assertThat(next(LOADING, "ping")).isEqualTo(Status.UNHEALTHY);
        assertThat(next(healthy(), "ping")).isEqualTo(Status.DEGRADED);
        assertThat(next(healthy(), "ping")).isEqualTo(Status.OK);
    }

    @Test
    void aRelapseBeginsAnew() {
        next(DOWN);
        next(healthy());
        next(DOWN);
        assertThat(next(healthy(), "ping")).isEqualTo(Status.UNHEALTHY);
        assertThat(next(healthy(), "ping")).isEqualTo(Status.OK);
    }

    @Test
    void aBurstOfCyclesIsOne() {
        next(DOWN);
        next(healthy());
        for (int i = 0; i < 7; i++) {
            assertThat(next(healthy(), Duration.ofMillis(10), "ping")).isEqualTo(Status.UNHEALTHY);
        }
        assertThat(next(healthy(), Duration.ofMillis(10), "ping")).isEqualTo(Status.OK);
    }

    @Test
    void aClockThatIsSetBackHoldsNothingForLong() {
        next(DOWN);
        next(healthy());
        now = now.minus(Duration.ofDays(1));
        assertThat(next(healthy(), "ping")).isEqualTo(Status.OK);
    }

    @Test
    void aLateAnswerLeavesTheOthersAsTheyWere() {
        next(healthy());
        for (int inRow = 1; inRow <= 2; inRow++) {
            next(healthy().with(timeouts(inRow)));
            assertThat(status("ping")).isEqualTo(Status.DEGRADED);
            assertThat(status("memory")).isEqualTo(Status.OK);
            assertThat(detail("memory"))
                    .startsWith("used_memory is 1.0 MiB")
                    .contains("not confirmed for " + inRow + " of 3 cycles: Redis does not answer");
        }
        next(healthy().with(timeouts(3)));
        assertThat(status("ping")).isEqualTo(Status.UNHEALTHY);
        assertThat(status("memory")).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void aLateReadingIsToldByTheThirdCycle() {
        Given late = healthy().withListeners(Reading.unknown(Cause.TIMEOUT, "the sockets did not come"));
        next(healthy());
        assertThat(next(late, "binding")).isEqualTo(Status.OK);
        assertThat(next(late, "binding")).isEqualTo(Status.OK);
        assertThat(next(healthy(), "binding")).isEqualTo(Status.OK);
        assertThat(detail("binding")).doesNotContain("cycles");
        next(late);
        next(late);
        assertThat(next(late, "binding")).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void aFaultIsNotHiddenByWhatIsLate() {
        next(healthy());
        next(healthy().with(timeouts(1)));
        assertThat(next(DOWN, "ping")).isEqualTo(Status.UNHEALTHY);
        assertThat(status("memory")).as("refused is certain").isEqualTo(Status.UNKNOWN);
    }

    @Test
    void whatMayNotBeReadIsUnknownAtOnce() {
        next(healthy());
        assertThat(next(DENIED, "binding")).isEqualTo(Status.UNKNOWN);
        assertThat(next(healthy(), "binding")).isEqualTo(Status.UNKNOWN);
        assertThat(next(healthy(), "binding")).isEqualTo(Status.OK);
    }

    @Test
    void whatWasNotReadYetIsOkAsSoonAsItIsRead() {
        assertThat(next(DENIED, "binding")).isEqualTo(Status.UNKNOWN);
        assertThat(next(healthy(), "binding")).isEqualTo(Status.OK);
    }

    @Test
    void theFirstReportIsToldAsItIs() {
        assertThat(next(healthy(), "ping")).isEqualTo(Status.OK);
    }

    @Test
    void whatIsSwitchedOffIsOffAtOnce() {
        next(DOWN);
        Checkup without = Checkup.repeated(Map.of("main", Map.of("ping", Severity.OFF)), Past.NONE);
        assertThat(without.examine(DOWN.snapshot("main"), report)
                        .result("ping")
                        .orElseThrow()
                        .status())
                .isEqualTo(Status.OFF);
    }

    private Status next(Given given, String check) {
        return next(given, SECOND, check);
    }

    private Status next(Given given, Duration later, String check) {
        now = now.plus(later);
        Snapshot is = given.snapshot("main");
        report = checkup.examine(
                new Snapshot(now, is.kernel(), is.listeners(), is.siteUnits(), is.stewardship(), is.instances()),
                report);
        return status(check);
    }

    private void next(Given given) {
        next(given, "ping");
    }

    private Status status(String check) {
        return report.result(check).orElseThrow().status();
    }

    private String detail(String check) {
        return report.result(check).orElseThrow().verdict().detail();
    }
}
