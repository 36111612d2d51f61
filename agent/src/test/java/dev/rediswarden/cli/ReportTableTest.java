package dev.rediswarden.cli;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rediswarden.check.Report;
import dev.rediswarden.http.Served;
import dev.rediswarden.json.Build;
import dev.rediswarden.json.ReportJson;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTableTest {

    private static final Report REPORT =
            Served.report(healthy().with(ping(Outcome.REFUSED, "Connection refused")), "main");

    @Test
    void eachCheckIsARowWithItsRemedyBelow() {
        String text = ReportTable.of(REPORT).text();

        assertThat(text)
                .startsWith("unhealthy\n\nping      unhealthy  127.0.0.1:6379 cannot be reached")
                .contains("\n                     mend with: sudo systemctl start redis-server.service\n")
                .contains("\nunit      ok         redis-server.service is active/running, enabled\n")
                .endsWith("\n");
    }

    @Test
    void theWorstIsAtTheTopAndAllThatWaitForItAreOneRow() {
        List<String> rows = ReportTable.of(REPORT)
                .text()
                .lines()
                .filter(line -> !line.startsWith(" "))
                .toList();

        assertThat(rows.subList(2, 4))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("ping      unhealthy  "),
                        row -> assertThat(row)
                                .isEqualTo("writable  unknown    Redis does not answer: this waits for ping; the same"
                                        + " of 12 more: identity, auth, persistence, files, memory, eviction, celery, kernel,"
                                        + " clients, latency, drift, intrusion"));
        assertThat(rows.subList(4, rows.size())).allMatch(row -> row.matches("[a-z]+ +(ok|off) .*"));
    }

    @Test
    void theDaemonsDocumentMakesTheSameTableWithSinceWhen() throws IOException {
        String json = new ReportJson(new Build("0.1.0", "abc123", "17")).report(REPORT);

        assertThat(ReportTable.of(json).text())
                .contains("\nping      unhealthy  2026-01-02T03:04:05Z  127.0.0.1:6379 cannot be reached")
                .contains("\n                                           mend with: sudo systemctl start")
                .isEqualToIgnoringWhitespace(ReportTable.of(REPORT)
                        .text()
                        .replaceAll("  (unhealthy|unknown  |ok       |off      )  ", "$0 2026-01-02T03:04:05Z "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "null",
                "[]",
                "5",
                "{}",
                "{\"status\":\"ok\"}",
                "{\"status\":\"ok\",\"checks\":[]}",
                "{\"status\":\"ok\",\"checks\":5}",
                "{\"status\":\"ok\",\"checks\":{\"ping\":5}}",
                "{\"status\":\"ok\",\"checks\":{\"ping\":{}}}",
                "{\"status\":\"ok\",\"checks\":{\"ping\":{\"status\":null,\"detail\":\"\"}}}",
                "{\"status\":\"ok\",\"checks\":{\"ping\":{\"status\":[],\"detail\":{}}}}",
                "{\"status\":{},\"checks\":{}}",
                "{\"status\":\"ok\",\"checks\":{\"ping\":{\"status\":\"ok\",\"detail\":\"\",\"since\":\"lately\"}}}",
                "<html>"
            })
    void anythingElseIsNoHealthDocument(String text) {
        assertThatThrownBy(() -> ReportTable.of(text))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no health document");
    }

    @Test
    void nothingReachesTheTerminalAsItIs() throws IOException {
        String json = "{\"status\":\"ok\\u001b[2J\",\"checks\":{\"a\\u001b]0;x\\u0007\":"
                + "{\"status\":\"ok\",\"detail\":\"\\u009b31m\\r\\n\",\"remedy\":\"\\u202e\"}}}";

        assertThat(ReportTable.of(json).text())
                .matches(text -> text.chars().allMatch(c -> c == '\n' || !Character.isISOControl(c)))
                .doesNotContain("\u202e");
    }
}
