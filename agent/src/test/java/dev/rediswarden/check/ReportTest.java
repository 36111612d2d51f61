package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {

    private static final Instant START = NOW.minusSeconds(60);
    private static final Checkup CHECKUP = new Checkup(Checkup.STANDARD, Map.of());

    @Test
    void allWellIsOkAndSaysHowMuchWasExamined() {
        Report report = report(healthy(), "main");

        assertThat(report.health()).isEqualTo(Health.OK);
        assertThat(report.summary()).isEqualTo("ok: 17 checks passed");
        assertThat(report.isCurrent()).isTrue();
    }

    @Test
    void theSummaryNamesTheWorstAndHowManyMore() {
        Report report = report(healthy().with(ping(Outcome.REFUSED, "Connection refused")), "main");

        assertThat(report.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(report.summary())
                .startsWith("unhealthy: ping: 127.0.0.1:6379 cannot")
                .endsWith("(and 13 more)");
    }

    @Test
    void whatIsUnknownIsAtMostDegraded() {
        Report report = report(healthy().withListeners(Given.unknown()), "main");

        assertThat(report.health()).isEqualTo(Health.DEGRADED);
        assertThat(report.result("binding"))
                .hasValueSatisfying(r -> assertThat(r.status()).isEqualTo(Status.UNKNOWN));
    }

    @Test
    void nothingExaminedIsNotOk() {
        Snapshot nothing = Snapshot.empty(NOW);

        assertThat(CHECKUP.examine(nothing, Report.none(START)).health()).isEqualTo(Health.DEGRADED);
    }

    @Test
    void severalInstancesAreNamedInTheKeys() {
        Report report = report(healthy(), "main", "cache");

        assertThat(report.results().stream().map(report::key))
                .startsWith("main/ping")
                .contains("cache/memory");
        assertThat(report.result("cache/ping")).isPresent();
        assertThat(report.result("ping")).isEmpty();
    }

    @Test
    void onlyTakesNamesWithAndWithoutTheirInstance() {
        Report report = report(healthy(), "main", "cache");

        assertThat(keys(report.only(List.of("ping")))).containsExactly("main/ping", "cache/ping");
        assertThat(keys(report.only(List.of("cache/unit")))).containsExactly("cache/unit");
        assertThat(report.only(List.of())).isSameAs(report);
    }

    @Test
    void onlyNeverHidesThatThereIsNoReportYet() {
        Report none = Report.none(START);

        assertThat(none.only(List.of("ping")).health()).isEqualTo(Health.UNHEALTHY);
        assertThat(none.isCurrent()).isFalse();
        assertThat(none.summary()).contains("cycle", "no cycle is complete yet");
    }

    @Test
    void aStaleReportIsUnhealthyAndKeepsItsResults() {
        Report stale = report(healthy(), "main").stale(Duration.ofSeconds(7));

        assertThat(stale.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(stale.isCurrent()).isFalse();
        assertThat(keys(stale)).startsWith("cycle", "ping");
        assertThat(stale.summary()).contains("the last complete cycle is 7 s old");
    }

    @Test
    void sinceStaysUntilTheStatusChanges() {
        Report first = report(healthy(), "main");
        Instant later = NOW.plusSeconds(10);
        Report same = CHECKUP.examine(at(later, healthy()), first);
        Report other = CHECKUP.examine(at(later, healthy().with(ping(Outcome.REFUSED, ""))), same);

        assertThat(since(same, "ping")).isEqualTo(NOW);
        assertThat(since(other, "ping")).isEqualTo(later);
        assertThat(since(other, "unit")).isEqualTo(NOW);
    }

    private static Instant since(Report report, String key) {
        return report.result(key).orElseThrow().since();
    }

    private static Snapshot at(Instant instant, Given given) {
        Snapshot now = given.snapshot("main");
        return new Snapshot(
                instant, now.kernel(), now.listeners(), now.siteUnits(), now.stewardship(), now.instances());
    }

    private static List<String> keys(Report report) {
        return report.results().stream().map(report::key).toList();
    }

    private static Report report(Given given, String... names) {
        return CHECKUP.examine(given.snapshot(names), Report.none(START));
    }
}
