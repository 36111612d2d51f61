package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LatencyCheckTest {

    private static final Given DELAYED = healthy().grown("aof_delayed_fsync", 3);

    @ParameterizedTest
    @MethodSource({"pings", "forks", "growth", "whatIsNotKnown"})
    void rows(Expected row) {
        row.holdsFor(new LatencyCheck());
    }

    static Stream<Expected> pings() {
        return Stream.of(
                Expected.ok("too few answers prove nothing and hide nothing", healthy(), "the last fork took 412 µs"),
                Expected.ok("a p99 at its limit is ok", p99(100), "the p99 of PING is 100.0 ms"),
                degraded("a p99 over its limit is degraded", p99(101), "the p99 of PING is 101.0 ms", "SLOWLOG GET"));
    }

    static Stream<Expected> forks() {
        Given slow = healthy().withInfo("latest_fork_usec", "1000001");
        return Stream.of(
                Expected.ok("a fork of a second is ok", healthy().withInfo("latest_fork_usec", "1000000"), ""),
                degraded(
                        "a longer one is degraded, and fewer of them are proposed",
                        slow,
                        "latest_fork_usec is 1000001",
                        "CONFIG SET save '3600 1' && redis-cli --askpass CONFIG REWRITE # fewer forks"),
                degraded(
                        "where there are few already, less memory is",
                        slow.withConfig("save", "3600 1"),
                        "",
                        "MEMORY PURGE"));
    }

    static Stream<Expected> growth() {
        return Stream.of(
                degraded(
                        "delayed fsyncs are degraded",
                        DELAYED,
                        "aof_delayed_fsync has grown by 3 within ten minutes",
                        "/proc/pressure/io"),
                degraded(
                        "they may be spared during rewrites",
                        DELAYED.withConfig("no-appendfsync-on-rewrite", "no"),
                        "",
                        "CONFIG SET no-appendfsync-on-rewrite yes"),
                Expected.ok("those of long ago do not count", healthy().withInfo("aof_delayed_fsync", "70"), ""),
                Expected.ok("ten slow commands are ok", healthy().grown("slowlog", 10), ""),
                degraded(
                        "more slow commands are degraded",
                        healthy().grown("slowlog", 11),
                        "SLOWLOG has grown by 11",
                        "redis-cli --askpass SLOWLOG GET 10"));
    }

    static Stream<Expected> whatIsNotKnown() {
        return Stream.of(
                unknown("without the time of a fork it is unknown", healthy().withoutInfo("latest_fork_usec")),
                unknown("a slow log that may not be asked is unknown", healthy().withSlowLog(Given.unknown())),
                degraded("which hides nothing else", p99(200).withSlowLog(Given.unknown()), "p99 of PING is", ""),
                Expected.ok("CONFIG is not needed", healthy().withConfig(Given.unknown()), ""),
                unknown("a silent server is unknown", healthy().with(ping(Outcome.TIMEOUT, ""))));
    }

    private static Given p99(long millis) {
        return healthy()
                .with(new Ping(
                        Outcome.PONG,
                        "127.0.0.1:6379",
                        "",
                        Duration.ofMillis(1),
                        0,
                        OptionalLong.empty(),
                        Optional.of(Duration.ofMillis(millis))));
    }
}
