package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PingProbeTest {

    @TempDir
    private Path directory;

    private RedisServer server;

    @BeforeEach
    void prepare() {
        server = RedisServer.in(directory);
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aServerThatAnswersIsPong() {
        server.start();
        try (PingProbe probe = probe(Targets.of(server))) {
            Ping ping = ping(probe);
            assertThat(ping.outcome()).isEqualTo(Outcome.PONG);
            assertThat(ping.address()).isEqualTo("127.0.0.1:" + server.port());
            assertThat(ping.reply()).isEmpty();
            assertThat(ping.latency()).isBetween(Duration.ofNanos(1), Targets.PATIENT);
            assertThat(ping.timeoutsInRow()).isZero();
        }
    }

    @Test
    void withoutAPortTheUnixSocketIsAsked() {
        server.with("port 0").start();
        try (PingProbe probe = probe(Targets.of(server))) {
            assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
            assertThat(ping(probe).address()).isEqualTo("unix:" + server.socket());
        }
    }

    @Test
    void fiftyPingsAreOneConnectionOverTcpAndOverTheSocket() {
        server.start();
        for (String url : new String[] {"redis://127.0.0.1:" + server.port(), "unix://" + server.socket()}) {
            long before = connections();
            try (PingProbe probe = probe(Targets.url(url))) {
                for (int i = 0; i < 50; i++) {
                    assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
                }
                assertThat(server.cli("CLIENT", "LIST")).containsOnlyOnce("name=redis-warden");
            }
            // The other two are redis-cli's own.
            assertThat(connections() - before).as(url).isEqualTo(1 + 2);
        }
    }

    private long connections() {
        return InfoReply.parse(server.cli("INFO", "stats").getBytes(UTF_8))
                .number("total_connections_received")
                .orElseThrow();
    }

    @Test
    void whereNobodyListensItIsRefusedUntilSomebodyDoes() {
        for (Target target : new Target[] {Targets.of(server), Targets.url("unix://" + server.socket())}) {
            try (PingProbe probe = probe(target)) {
                assertThat(ping(probe).outcome()).isEqualTo(Outcome.REFUSED);
                assertThat(ping(probe).reply()).isNotBlank();
                server.start();
                assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
                server.stop();
                assertThat(ping(probe).outcome()).isEqualTo(Outcome.REFUSED);
            }
        }
    }

    @Test
    void aRestartBetweenTwoPingsIsNoOutage() {
        server.start();
        for (Target target : new Target[] {Targets.of(server), Targets.url("unix://" + server.socket())}) {
            try (PingProbe probe = probe(target)) {
                assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
                server.kill();
                server.start();
                assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
            }
        }
    }

    @Test
    void aConfThatWasEditedCountsForTheNextConnection() {
        server.start();
        try (PingProbe probe = probe(Targets.of(server))) {
            assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
            server.kill();
            server.with("port 0").start();
            assertThat(ping(probe).address()).isEqualTo("unix:" + server.socket());
        }
    }

    @Test
    void aFrozenServerTimesOutInARowUntilItGoesOn() {
        server.start();
        for (String url : new String[] {"redis://127.0.0.1:" + server.port(), "unix://" + server.socket()}) {
            try (PingProbe probe = probe(Targets.url(url, Targets.SHORT))) {
                await().until(() -> ping(probe).outcome() == Outcome.PONG);
                server.suspend();
                for (int i = 1; i <= 3; i++) {
                    Ping ping = ping(probe);
                    assertThat(ping.outcome()).as(url).isEqualTo(Outcome.TIMEOUT);
                    assertThat(ping.timeoutsInRow()).isEqualTo(i);
                    assertThat(ping.latency()).isGreaterThanOrEqualTo(Targets.SHORT.minusMillis(1));
                }
                server.resume();
                await().until(() -> ping(probe).outcome() == Outcome.PONG);
                assertThat(ping(probe).timeoutsInRow()).isZero();
            }
        }
    }

    @Test
    void aServerThatLoadsIsLoadingAndSaysHowLong() {
        server.with("save 3600 1").start();
        server.cli("EVAL", "for i=1,2000 do redis.call('set',i,string.rep('x',100)) end", "0");
        server.stop();
        // Slow enough to be seen, and answering meanwhile.
        server.with("key-load-delay 2000", "loading-process-events-interval-bytes 1024")
                .launch();
        try (PingProbe probe = probe(Targets.of(server))) {
            Ping ping = ping(probe);
            assertThat(ping.outcome()).isEqualTo(Outcome.LOADING);
            assertThat(ping.reply()).startsWith("LOADING ");
            assertThat(ping.loadingEta()).isPresent();
            assertThat(ping.timeoutsInRow()).isZero();
        }
    }

    @Test
    void aServerThatCannotSaveIsMisconf() throws Exception {
        server.with("save 3600 1").start();
        // What is written beside it cannot take the place of a directory, whoever the server runs as.
        Files.createDirectory(directory.resolve("dump.rdb"));
        server.cli("SET", "key", "value");
        server.cli("BGSAVE");
        await().until(() -> server.cli("INFO", "persistence").contains("rdb_last_bgsave_status:err"));
        try (PingProbe probe = probe(Targets.of(server))) {
            assertThat(ping(probe).outcome()).isEqualTo(Outcome.MISCONF);
            assertThat(ping(probe).reply()).startsWith("MISCONF ");
        }
    }

    @Test
    void aScriptThatDoesNotEndIsBusy() {
        server.with("lua-time-limit 20").start();
        server.cliInBackground("EVAL", "while true do end", "0");
        await().until(() -> server.cli("PING").startsWith("BUSY"));
        try (PingProbe probe = probe(Targets.of(server))) {
            assertThat(ping(probe).outcome()).isEqualTo(Outcome.BUSY);
            server.cli("SCRIPT", "KILL");
            await().until(() -> ping(probe).outcome() == Outcome.PONG);
        }
    }

    @Test
    void aServerThatIsFullSaysSo() {
        server.with("maxclients 1").start();
        try (PingProbe first = probe(Targets.of(server));
                PingProbe second = probe(Targets.of(server))) {
            assertThat(ping(first).outcome()).isEqualTo(Outcome.PONG);
            assertThat(ping(second).outcome()).isEqualTo(Outcome.ERROR);
            assertThat(ping(second).reply()).contains("max number of clients");
            assertThat(ping(first).outcome()).isEqualTo(Outcome.PONG);
        }
    }

    static PingProbe probe(Target target) {
        return new PingProbe("main", target, System::nanoTime);
    }

    static Ping ping(PingProbe probe) {
        return probe.read().optional().orElseThrow();
    }
}
