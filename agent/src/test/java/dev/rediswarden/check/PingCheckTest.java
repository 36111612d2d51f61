package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static dev.rediswarden.snapshot.Given.timeouts;
import static dev.rediswarden.snapshot.Given.unit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PingCheckTest {

    private static final Check CHECK = new PingCheck(3);

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(CHECK);
    }

    static Stream<Expected> rows() {
        Given refused = healthy().with(ping(Outcome.REFUSED, "Connection refused"));
        Given hung = healthy().with(timeouts(1));
        return Stream.of(
                Expected.ok("an answer is ok and tells its time", healthy(), "PONG from 127.0.0.1:6379 in 0.31 ms"),
                new Expected(
                        "a refused connection is unhealthy at once",
                        refused,
                        Status.UNHEALTHY,
                        "Connection refused",
                        "sudo systemctl start redis-server.service"),
                new Expected(
                        "what has run for a while and refuses listens elsewhere",
                        refused.with(Given.copy(
                                unit("loaded", "enabled", "active", "running", "success"),
                                "stateChangedAt",
                                Given.NOW.minusSeconds(60))),
                        Status.UNHEALTHY,
                        "active/running",
                        "sudo ss -lntxp | grep -E 'redis|valkey'; "),
                new Expected(
                        "a refusal names the unit's result",
                        refused.with(unit("loaded", "enabled", "failed", "failed", "oom-kill")),
                        Status.UNHEALTHY,
                        "result oom-kill",
                        "journalctl -k"),
                new Expected(
                        "without a unit, a refusal still says where to look",
                        refused.withUnit(Optional.empty()),
                        Status.UNHEALTHY,
                        "cannot be reached",
                        "systemctl status redis-server.service"),
                new Expected("one timeout is degraded", hung, Status.DEGRADED, "1 PING in a row", "kill -CONT 812"),
                new Expected("two timeouts are degraded", healthy().with(timeouts(2)), Status.DEGRADED, "2 PING", ""),
                new Expected(
                        "three timeouts in a row are unhealthy",
                        healthy().with(timeouts(3)),
                        Status.UNHEALTHY,
                        "the server hangs",
                        "kill -CONT 812"),
                new Expected(
                        "one timeout of a stopped unit is unhealthy at once",
                        hung.with(unit("loaded", "enabled", "inactive", "dead", "success")),
                        Status.UNHEALTHY,
                        "inactive/dead",
                        "systemctl start"),
                new Expected(
                        "loading is degraded, with its time to come, and never down",
                        healthy()
                                .with(new Ping(
                                        Outcome.LOADING,
                                        "127.0.0.1:6379",
                                        "LOADING Redis is loading",
                                        Duration.ofMillis(1),
                                        0,
                                        OptionalLong.of(42))),
                        Status.DEGRADED,
                        "ready in about 42 s",
                        "INFO persistence"),
                new Expected(
                        "loading without an estimate says so",
                        healthy().with(ping(Outcome.LOADING, "LOADING")),
                        Status.DEGRADED,
                        "no estimate",
                        ""),
                new Expected(
                        "wrong credentials are unknown, never down",
                        healthy().with(ping(Outcome.NOT_PERMITTED, "WRONGPASS invalid")),
                        Status.UNKNOWN,
                        "cannot be verified",
                        "password_file"),
                new Expected(
                        "a script that blocks everyone is degraded",
                        healthy().with(ping(Outcome.BUSY, "BUSY")),
                        Status.DEGRADED,
                        "BUSY",
                        "SCRIPT KILL"),
                new Expected(
                        "any other error reply is degraded",
                        healthy().with(ping(Outcome.ERROR, "MASTERDOWN")),
                        Status.DEGRADED,
                        "MASTERDOWN",
                        "journalctl"),
                Expected.ok(
                        "refused writes are another check's business",
                        healthy().with(ping(Outcome.MISCONF, "MISCONF")),
                        "refuses writes"),
                new Expected(
                        "what could not be asked is unknown",
                        healthy().withPing(Given.unknown()),
                        Status.UNKNOWN,
                        "this user may not read it",
                        "journalctl -u redis-warden.service"));
    }

    @Test
    void onlyAnAnswerHasALatency() {
        assertThat(examine(healthy()).latency()).contains(Duration.ofNanos(310_000));
        assertThat(examine(healthy().with(ping(Outcome.LOADING, ""))).latency()).isPresent();
        assertThat(examine(healthy().with(timeouts(1))).latency()).isEmpty();
        assertThat(examine(healthy().with(ping(Outcome.REFUSED, ""))).latency()).isEmpty();
    }

    private static Verdict examine(Given given) {
        Snapshot snapshot = given.snapshot("main");
        return CHECK.examine(snapshot.instances().get(0), snapshot);
    }
}
