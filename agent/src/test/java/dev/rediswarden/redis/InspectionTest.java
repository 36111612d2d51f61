package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rediswarden.snapshot.Inspection;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Queue;
import dev.rediswarden.snapshot.Reading;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked of a real server once a minute. */
class InspectionTest {

    private static final String SECRET = "do-not-show-this";

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong(1);
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
    void keysAreFoundInEveryDatabaseThatHoldsSome() {
        server.start();
        server.cli("-n", "1", "LPUSH", "celery", "task", "task");
        server.cli("-n", "1", "ZADD", "unacked_index", "1767323045.5", "tag");
        server.cli("-n", "3", "MSET", "Backup1", "x", "Backup2", "x");
        server.cli("-n", "4", "SET", "backup1", "a site's own");

        KnownKeys keys = inspect().keys().optional().orElseThrow();

        assertThat(keys.celery()).containsExactly(1);
        assertThat(keys.planted()).containsExactly(3);
        assertThat(keys.complete()).isTrue();
        assertThat(keys.queues())
                .singleElement()
                .returns(2L, Queue::length)
                .returns(
                        Instant.ofEpochSecond(1767323045),
                        queue -> queue.oldestDelivered().orElseThrow());
    }

    @Test
    void aQueueThatNobodyTakesFromIsSeen() {
        server.start();
        try (ServerProbe probe = probe(Targets.of(server))) {
            server.cli("LPUSH", "celery", "one");
            inspect(probe);
            server.cli("LPUSH", "celery", "two", "three");
            assertThat(inspect(probe).keys().optional().orElseThrow().queues())
                    .as("asked within the same minute, it is what was found before")
                    .allMatch(queue -> queue.length() == 1);
            nanos.addAndGet(Duration.ofMinutes(6).toNanos());
            Queue grown =
                    inspect(probe).keys().optional().orElseThrow().queues().get(0);
            assertThat(grown.grownBy()).isEqualTo(2);
            assertThat(grown.stalled()).isEqualTo(Duration.ofMinutes(6));
            server.cli("RPOP", "celery");
            assertThat(aMinuteLater(probe)).returns(0L, Queue::grownBy).returns(Duration.ZERO, Queue::stalled);
            assertThat(aMinuteLater(probe).stalled())
                    .as("a queue that keeps its length is not taken from either")
                    .isEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void aQueueThatWasEmptyForAWhileBeginsAnew() {
        server.start();
        try (ServerProbe probe = probe(Targets.of(server))) {
            server.cli("LPUSH", "celery", "one", "two");
            inspect(probe);
            server.cli("FLUSHALL");
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            inspect(probe);
            server.cli("LPUSH", "celery", "one", "two");
            assertThat(aMinuteLater(probe).stalled()).isZero();
        }
    }

    private Queue aMinuteLater(ServerProbe probe) {
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        return inspect(probe).keys().optional().orElseThrow().queues().get(0);
    }

    @Test
    void aKeyOfThatNameThatIsNoListIsNoQueue() {
        server.start();
        server.cli("SET", "celery", "a site's own");
        server.cli("SET", "unacked_index", "and this");
        assertThat(inspect().keys().optional().orElseThrow().queues())
                .allMatch(
                        queue -> queue.length() == 0 && queue.oldestDelivered().isEmpty());
    }

    @Test
    void theConnectionIsBackInItsDatabase() {
        server.start();
        server.cli("-n", "7", "SET", "key", "value");
        try (ServerProbe probe = probe(Targets.of(server))) {
            inspect(probe);
            assertThat(server.cli("CLIENT", "LIST"))
                    .contains("name=redis-warden")
                    .containsPattern("name=redis-warden.* db=0 ");
        }
    }

    @Test
    void aStrangerIsTurnedAwayByAPasswordAndLetInThroughAnOpenDefaultUser() {
        server.withPassword(SECRET).start();
        assertThat(inspect().strangerServed()).isEqualTo(Reading.known(false));
        server.cli("ACL", "SETUSER", "default", "nopass");
        Inspection opened = inspect();
        assertThat(opened.strangerServed()).isEqualTo(Reading.known(true));
    }

    @Test
    void aStrangerWhoMayDoLittleIsLetInAllTheSame() {
        server.with("user default on nopass -@all +ping", "user warden on >" + SECRET + " ~* +@all")
                .start();
        Target target = Targets.url("redis://warden:" + SECRET + "@127.0.0.1:" + server.port());
        try (ServerProbe probe = probe(target)) {
            assertThat(inspect(probe).strangerServed()).isEqualTo(Reading.known(true));
        }
    }

    @Test
    void evictedKeysOfAQueueAreRemembered() {
        server.start();
        server.cli("LPUSH", "celery", "task");
        try (ServerProbe probe = probe(Targets.of(server))) {
            inspect(probe);
            server.cli("DEL", "celery");
            server.cli("SET", "another", "key");
            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            assertThat(inspect(probe).keys().optional().orElseThrow().celery()).containsExactly(0);
        }
    }

    @Test
    void whoWaitsIsCountedInItsDatabaseAndAPriorityIsPartOfItsQueue() {
        server.start();
        server.cli("-n", "1", "LPUSH", "celery", "task");
        server.cli("-n", "1", "LPUSH", "celery\u0006\u00169", "urgent", "urgent");
        server.cliInBackground("-n", "2", "BRPOP", "another", "60");
        await().until(() -> server.cli("INFO", "clients").contains("blocked_clients:1"));
        try (ServerProbe probe = probe(Targets.of(server))) {
            inspect(probe);
            assertThat(aMinuteLater(probe)).returns(3L, Queue::length).returns(Duration.ofMinutes(1), Queue::stalled);
            server.cliInBackground("-n", "1", "BRPOP", "nothing", "60");
            await().until(() -> server.cli("INFO", "clients").contains("blocked_clients:2"));
            assertThat(aMinuteLater(probe))
                    .returns(Duration.ZERO, Queue::stalled)
                    .returns(1L, Queue::waiting);
        }
    }

    /** As kombu's connection of a worker that has lost its consumer. */
    @Test
    void whoWaitedOnceAndDoesNoMoreWaitsForNothing() throws Exception {
        server.start();
        server.cli("LPUSH", "celery", "task");
        try (Socket worker = new Socket(InetAddress.getLoopbackAddress(), server.port());
                ServerProbe probe = probe(Targets.of(server))) {
            worker.getOutputStream().write("BRPOP nothing 0.01\r\n".getBytes(US_ASCII));
            assertThat(worker.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("*-1\r\n");
            server.cliInBackground("-n", "1", "BRPOP", "another", "60");
            await().until(() -> server.cli("INFO", "clients").contains("blocked_clients:1"));
            assertThat(server.cli("CLIENT", "LIST")).containsPattern("flags=N db=0 .* cmd=brpop");
            inspect(probe);

            assertThat(aMinuteLater(probe).stalled()).isEqualTo(Duration.ofMinutes(1));
        }
    }

    @Test
    void aUserOfFewRightsIsToldWhatToGrant() {
        server.with("user warden on >" + SECRET + " +ping +info").start();
        server.cli("SET", "key", "value");
        Target target = Targets.url("redis://warden:" + SECRET + "@127.0.0.1:" + server.port());
        try (ServerProbe probe = probe(target)) {
            Inspection inspection = inspect(probe);
            assertThat(inspection.modules().toString()).contains("grant +module|list");
            assertThat(inspection.keys().toString()).contains("grant +select").doesNotContain(SECRET);
        }
    }

    private Inspection inspect() {
        try (ServerProbe probe = probe(Targets.of(server))) {
            return inspect(probe);
        }
    }

    private static Inspection inspect(ServerProbe probe) {
        return probe.read().optional().orElseThrow().inspection();
    }

    private ServerProbe probe(Target target) {
        // Deadlines are taken from the same clock, which stands still within a reading.
        return new ServerProbe("main", target, Policy.VPS, nanos::get);
    }
}
