package dev.rediswarden.redis;

import static dev.rediswarden.redis.PingProbeTest.ping;
import static dev.rediswarden.redis.PingProbeTest.probe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {

    private static final String SECRET = "s3cret+/%";

    @TempDir
    private Path directory;

    private RedisServer server;
    private String address;

    @BeforeEach
    void start() {
        server = RedisServer.in(directory)
                .withPassword(SECRET)
                .with("user warden on >" + SECRET + " +ping +info")
                .start();
        address = "127.0.0.1:" + server.port();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"redis://:s3cret+%2F%25@", "redis://default:s3cret+%2F%25@", "redis://warden:s3cret+%2F%25@"})
    void thePasswordOfTheUrlCountsFirst(String url) {
        try (PingProbe probe = probe(Targets.url(url + address + "/3"))) {
            Ping ping = ping(probe);
            assertThat(ping.outcome()).isEqualTo(Outcome.PONG);
            assertThat(ping.address()).isEqualTo(address);
        }
    }

    @Test
    void thenThatOfThePasswordFileWithoutItsNewline() throws Exception {
        Path file = Files.writeString(directory.resolve("password"), SECRET + "\n");
        for (String url : List.of("redis://" + address, "redis://warden@" + address)) {
            assertThat(ping(probe(withPasswordFile(url, file, List.of()))).outcome())
                    .isEqualTo(Outcome.PONG);
        }
    }

    @Test
    void thenRequirepassOfTheConf() {
        assertThat(ping(probe(Targets.of(server))).outcome()).isEqualTo(Outcome.PONG);
    }

    @Test
    void requirepassNeverGoesToAnotherHost() {
        Target target = withPasswordFile("redis://192.0.2.1", directory.resolve("none"), List.of(server.conf()));
        assertThat(Route.to(target).credentials()).isEmpty();
        assertThat(Route.to(Targets.of(server)).credentials()).isPresent();
    }

    @Test
    void aWrongPasswordIsNotPermittedAndNotRepeated() {
        AtomicLong nanos = new AtomicLong();
        String url = "redis://:wrong-" + SECRET.replaceAll("\\W", "") + "@" + address;
        try (PingProbe probe = new PingProbe("main", Targets.url(url), nanos::get)) {
            for (int i = 0; i < 5; i++) {
                Ping ping = ping(probe);
                assertThat(ping.outcome()).isEqualTo(Outcome.NOT_PERMITTED);
                assertThat(ping.reply()).startsWith("WRONGPASS").doesNotContain("wrong-");
            }
            assertThat(failedLogins()).isEqualTo(1);
            nanos.addAndGet(Duration.ofSeconds(31).toNanos());
            ping(probe);
            assertThat(failedLogins()).isEqualTo(2);
        }
    }

    private long failedLogins() {
        return server.cli("ACL", "LOG")
                                .lines()
                                .filter(line -> line.equals("auth"))
                                .count()
                        == 0
                ? 0
                : Long.parseLong(server.cli("ACL", "LOG").lines().toList().get(1));
    }

    @Test
    void withoutAPasswordItIsNotPermittedAndSaysWhyThereIsNone() {
        Ping ping = ping(probe(Targets.url("redis://" + address)));
        assertThat(ping.outcome()).isEqualTo(Outcome.NOT_PERMITTED);
        assertThat(ping.reply()).startsWith("NOAUTH").contains("no redis.conf");

        Path missing = directory.resolve("missing");
        ping = ping(
                probe(withPasswordFile("redis://" + address, missing, List.of(directory.resolve("redis.conf.none")))));
        assertThat(ping.reply()).contains("cannot read " + missing);
    }

    @Test
    void aPasswordThatNobodyAsksForIsNoObstacle() {
        server.cli("CONFIG", "SET", "requirepass", "");
        try (PingProbe probe = probe(Targets.of(server))) {
            assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
        }
    }

    @Test
    void noTextOfATargetHoldsThePassword() {
        Target target = Targets.url("redis://warden:" + "hidden" + "@" + address);
        assertThat(target.toString()).contains(address).doesNotContain("hidden");
        assertThat(Route.to(target).toString()).doesNotContain("hidden");
        assertThat(RedisUrl.parse(target.url().orElseThrow()).toString()).doesNotContain("hidden");
    }

    private static Target withPasswordFile(String url, Path file, List<Path> confFiles) {
        return new Target(
                Optional.of(URI.create(url)), confFiles, Optional.of(file), Optional.empty(), Targets.PATIENT);
    }
}
