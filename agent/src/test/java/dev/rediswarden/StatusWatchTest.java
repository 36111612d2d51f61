package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.cli.ReportTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The table again and again: in place on a terminal, and elsewhere where it has changed. */
class StatusWatchTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final String WELL = json("ok", "ok", "PONG in 0.1 ms");

    private final StringWriter out = new StringWriter();
    private String health = WELL;

    @Test
    void aTerminalShowsItInPlace() {
        StatusWatch watch = watch(true);
        watch.show();
        watch.show();

        String table = "\u001b[H\u001b[J2026-01-02T03:04:05Z  ok\n\nping  ok         PONG in 0.1 ms\n";
        assertThat(out.toString()).isEqualTo(table + table);
    }

    @Test
    void whatIsNoTerminalIsToldChangesAlone() {
        StatusWatch watch = watch(false);
        watch.show();
        health = json("ok", "ok", "PONG in 0.2 ms");
        watch.show();
        health = json("unhealthy", "unhealthy", "refused");
        watch.show();

        assertThat(out.toString()).isEqualTo("""
                        2026-01-02T03:04:05Z  ok

                        ping  ok         PONG in 0.1 ms

                        2026-01-02T03:04:05Z  unhealthy

                        ping  unhealthy  refused
                        """);
    }

    @Test
    void nothingOfWhatIsToldReachesTheTerminalAsItIs() {
        health = json("ok\\u001b[2J", "ok\\u009b1m", "\\u001b]0;title\\u0007\\r\\nPONG");
        watch(false).show();

        assertThat(out.toString()).matches("[\\x20-\\x7e\\n]*").contains("PONG");
    }

    @Test
    void aDaemonThatIsAwayIsWaitedFor() {
        StatusWatch watch = watch(false);
        health = "";
        watch.show();
        watch.show();
        health = WELL;
        watch.show();

        assertThat(out.toString().lines())
                .containsExactly(
                        "2026-01-02T03:04:05Z  the daemon does not answer; see: sudo systemctl status redis-warden.service",
                        "",
                        "2026-01-02T03:04:05Z  ok",
                        "",
                        "ping  ok         PONG in 0.1 ms");
    }

    private StatusWatch watch(boolean terminal) {
        return new StatusWatch(this::table, new PrintWriter(out), terminal, () -> NOW);
    }

    private ReportTable table() throws IOException {
        return ReportTable.of(health);
    }

    private static String json(String verdict, String status, String detail) {
        return "{\"status\":\"" + verdict + "\",\"checks\":{\"ping\":{\"status\":\"" + status + "\",\"detail\":\""
                + detail + "\"}}}";
    }
}
