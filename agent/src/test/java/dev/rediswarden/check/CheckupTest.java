package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CheckupTest {

    private static final Given STOPPED = healthy().with(ping(Outcome.REFUSED, "Connection refused"));
    private static final Given UNBOUNDED = healthy().withInfo("maxmemory", "0");

    @Test
    void warningMakesAFindingDegraded() {
        assertThat(status(STOPPED, "ping", Severity.WARNING)).isEqualTo(Status.DEGRADED);
    }

    @Test
    void criticalMakesAFindingUnhealthy() {
        assertThat(status(UNBOUNDED, "memory", Severity.CRITICAL)).isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void noWeightTurnsOkIntoSomethingElse() {
        assertThat(status(healthy(), "ping", Severity.CRITICAL)).isEqualTo(Status.OK);
        assertThat(status(healthy(), "ping", Severity.WARNING)).isEqualTo(Status.OK);
    }

    @Test
    void noWeightTurnsUnknownIntoSomethingElse() {
        Given denied = healthy().withListeners(Given.unknown());

        assertThat(status(denied, "binding", Severity.CRITICAL)).isEqualTo(Status.UNKNOWN);
        assertThat(status(denied, "binding", Severity.WARNING)).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void offIsNotExamined() {
        Check thrower = check("ping", new AssertionError("must not be asked"));
        Checkup checkup = new Checkup(List.of(thrower), Map.of("main", Map.of("ping", Severity.OFF)));

        Report report = checkup.examine(healthy().snapshot("main"), Report.none(NOW));

        assertThat(report.results()).singleElement().satisfies(result -> {
            assertThat(result.status()).isEqualTo(Status.OFF);
            assertThat(result.verdict().detail()).contains("switched off");
        });
    }

    @Test
    void aWeightIsForItsInstanceAlone() {
        Checkup checkup = new Checkup(Checkup.STANDARD, Map.of("cache", Map.of("ping", Severity.WARNING)));

        Report report = checkup.examine(STOPPED.snapshot("main", "cache"), Report.none(NOW));

        assertThat(report.result("main/ping").orElseThrow().status()).isEqualTo(Status.UNHEALTHY);
        assertThat(report.result("cache/ping").orElseThrow().status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void aCheckThatThrowsIsUnknownAndHidesNoOther() {
        Checkup checkup =
                new Checkup(List.of(check("broken", new IllegalStateException("oops")), new PingCheck(3)), Map.of());

        Report report = checkup.examine(healthy().snapshot("main"), Report.none(NOW));

        assertThat(report.result("broken").orElseThrow().status()).isEqualTo(Status.UNKNOWN);
        assertThat(report.result("broken").orElseThrow().verdict().detail()).contains("failed with", "oops");
        assertThat(report.result("ping").orElseThrow().status()).isEqualTo(Status.OK);
    }

    private static Status status(Given given, String check, Severity severity) {
        Checkup checkup = new Checkup(Checkup.STANDARD, Map.of("main", Map.of(check, severity)));
        return checkup.examine(given.snapshot("main"), Report.none(NOW))
                .result(check)
                .orElseThrow()
                .status();
    }

    private static Check check(String name, Throwable thrown) {
        return new Check() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Verdict examine(InstanceState instance, Snapshot snapshot) {
                if (thrown instanceof RuntimeException e) {
                    throw e;
                }
                throw (Error) thrown;
            }
        };
    }
}
