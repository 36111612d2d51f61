package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.freedesktop.dbus.types.UInt32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the probe makes of systemd's answers, over a real bus. */
class UnitProbeTest {

    private static final String REDIS = "redis-server.service";
    private static final String VALKEY = "valkey-server.service";

    private final AtomicLong now = new AtomicLong(TimeUnit.DAYS.toNanos(7));
    private PrivateBus daemon;
    private FakeSystemd systemd;
    private Bus bus;

    @BeforeEach
    void connect(@TempDir Path directory) throws Exception {
        daemon = new PrivateBus(directory, "");
        systemd = new FakeSystemd(daemon.address());
        bus = new Bus(daemon.address(), Duration.ofSeconds(10), now::get);
    }

    @AfterEach
    void disconnect() throws IOException {
        bus.close();
        systemd.close();
        daemon.close();
    }

    @Test
    void readsAllThatIsAskedOfAUnit() throws Exception {
        systemd.unit(REDIS);

        assertThat(known(probe(REDIS)))
                .isEqualTo(new UnitState(
                        REDIS,
                        "loaded",
                        "enabled",
                        "active",
                        "running",
                        "success",
                        "always",
                        5_000_000,
                        4242,
                        OptionalInt.of(105),
                        0,
                        false,
                        Instant.parse("2023-11-14T22:13:20.123456Z"),
                        List.of("multi-user.target", "site.service"),
                        OptionalLong.empty(),
                        OptionalLong.of(1L << 30),
                        OptionalLong.of(65_535)));
    }

    @Test
    void whoWaitsForAServerLearnsThatItsUnitWasStopped() throws Exception {
        FakeSystemd.Unit unit = systemd.unit(REDIS);
        assertThat(ServerUnit.of(bus, List.of(VALKEY, REDIS))).contains(new ServerUnit(REDIS, false));
        unit.state("loaded", "inactive", "dead");
        assertThat(ServerUnit.of(bus, List.of(VALKEY, REDIS))).contains(new ServerUnit(REDIS, true));
        unit.job(7);
        assertThat(ServerUnit.of(bus, List.of(VALKEY, REDIS))).contains(new ServerUnit(REDIS, false));
        assertThat(ServerUnit.of(bus, List.of(VALKEY))).isEmpty();
        bus.close();
        assertThat(ServerUnit.of(bus, List.of(REDIS))).isEmpty();
    }

    @Test
    void aSystemdThatIsOlderThanALimitHasNone() throws Exception {
        systemd.unit(REDIS).forget("MemoryHigh");

        assertThat(known(probe(REDIS)).memoryHigh()).isEmpty();
    }

    @Test
    void anAliasIsReportedByItsRealName() throws Exception {
        systemd.alias("redis.service", systemd.unit(REDIS));

        assertThat(known(probe("redis.service")).id()).isEqualTo(REDIS);
    }

    @Test
    void theFirstCandidateThatSystemdKnowsIsTheUnit() throws Exception {
        systemd.unit(VALKEY);

        assertThat(known(probe(REDIS, VALKEY)).id()).isEqualTo(VALKEY);
    }

    @Test
    void aMaskedCandidateIsKnown() throws Exception {
        systemd.unit(VALKEY);
        systemd.unit(REDIS).state("masked", "inactive", "dead");

        UnitState state = known(probe(REDIS, VALKEY));

        assertThat(state.id()).isEqualTo(REDIS);
        assertThat(state.loadState()).isEqualTo("masked");
    }

    @Test
    void whereNoCandidateIsKnownTheFirstIsNotFound() throws Exception {
        systemd.unit(REDIS).state("not-found", "inactive", "dead");

        UnitState state = known(probe(REDIS, VALKEY));

        assertThat(state.id()).isEqualTo(REDIS);
        assertThat(state.loadState()).isEqualTo("not-found");
    }

    @Test
    void aStopIsSeenWithinFiveSecondsWithoutAnySignal() throws Exception {
        FakeSystemd.Unit unit = systemd.unit(REDIS);
        UnitProbe probe = probe(REDIS);
        known(probe);

        unit.state("loaded", "failed", "failed");
        unit.set("Result", "oom-kill");
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(4_999));
        assertThat(known(probe).activeState()).isEqualTo("active");
        now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
        UnitState state = known(probe);

        assertThat(state.activeState()).isEqualTo("failed");
        assertThat(state.result()).isEqualTo("oom-kill");
    }

    @Test
    void whatNoSignalToldIsSeenWithinTenSeconds() throws Exception {
        FakeSystemd.Unit unit = systemd.unit(REDIS);
        UnitProbe probe = probe(REDIS);
        known(probe);

        unit.fileState = "disabled";
        now.addAndGet(TimeUnit.SECONDS.toNanos(9));
        assertThat(known(probe).unitFileState()).isEqualTo("enabled");
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(known(probe).unitFileState()).isEqualTo("disabled");
    }

    @Test
    void anUnchangedUnitIsAskedAboutEveryFiveSecondsByOneQuestionForItAlone() throws Exception {
        systemd.unit(VALKEY);
        UnitProbe probe = probe(REDIS, VALKEY);
        known(probe);
        systemd.calls.clear();

        known(probe);
        assertThat(systemd.calls).isEmpty();

        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        known(probe);
        assertThat(systemd.calls).containsExactly("ListUnitsByNames " + VALKEY);
    }

    @Test
    void betweenTwoQuestionsTheReadingIsAtHandAndTheSameObject() throws Exception {
        FakeSystemd.Unit unit = systemd.unit(REDIS);
        UnitProbe probe = probe(REDIS);
        assertThat(probe.atHand()).as("nobody was asked yet").isEmpty();
        Reading<UnitState> first = probe.read();

        assertThat(probe.atHand().orElseThrow()).isSameAs(first);
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(probe.atHand()).as("systemd is to be asked").isEmpty();
        assertThat(probe.read()).isSameAs(first);
        now.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertThat(probe.read()).as("read anew, and the same").isSameAs(first);

        unit.state("loaded", "failed", "failed");
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(probe.read()).isNotSameAs(first);
    }

    @Test
    void whereTheBusHasGoneNothingIsAtHand() throws Exception {
        systemd.unit(REDIS);
        UnitProbe probe = probe(REDIS);
        known(probe);

        bus.close();

        assertThat(probe.atHand()).isEmpty();
    }

    @Test
    void restartsAreCountedForTenMinutesAndAStartByHandIsNone() throws Exception {
        FakeSystemd.Unit unit = systemd.unit(REDIS);
        unit.set("NRestarts", new UInt32(7));
        UnitProbe probe = probe(REDIS);
        assertThat(known(probe).restartsInWindow()).isZero();

        unit.set("NRestarts", new UInt32(9));
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(known(probe).restartsInWindow()).isEqualTo(2);

        unit.set("NRestarts", new UInt32(0));
        now.addAndGet(TimeUnit.SECONDS.toNanos(10));
        assertThat(known(probe).restartsInWindow()).isEqualTo(2);

        now.addAndGet(TimeUnit.MINUTES.toNanos(10));
        assertThat(known(probe).restartsInWindow()).isZero();
    }

    @Test
    void silenceIsATimeoutAndTheNextReadingAsksAgain() throws Exception {
        systemd.unit(REDIS);
        bus.close();
        bus = new Bus(daemon.address(), Duration.ofMillis(300), now::get);
        UnitProbe probe = probe(REDIS);
        systemd.holdUp = new CountDownLatch(1);

        assertThat(cause(probe)).isEqualTo(Cause.TIMEOUT);

        systemd.holdUp.countDown();
        // The answers may take longer than that bound on a busy machine; that they come is the claim.
        await().untilAsserted(() -> assertThat(probe.read()).isInstanceOf(Reading.Known.class));
    }

    @Test
    void withoutSystemdOnTheBusTheUnitIsUnavailable() throws Exception {
        systemd.close();

        assertThat(cause(probe(REDIS))).isEqualTo(Cause.UNAVAILABLE);
    }

    @Test
    void anAnswerOfAnotherKindIsAFailureAndNothingIsThrown() throws Exception {
        systemd.unit(REDIS).set("MainPID", "none of your business");

        assertThat(cause(probe(REDIS))).isEqualTo(Cause.FAILED);
    }

    private UnitProbe probe(String... candidates) {
        return new UnitProbe(List.of(candidates), bus, now::get, () -> {});
    }

    private static UnitState known(UnitProbe probe) {
        return probe.read().fold(state -> state, unknown -> {
            throw new AssertionError(unknown.toString());
        });
    }

    private static Cause cause(UnitProbe probe) {
        return probe.read()
                .fold(
                        state -> {
                            throw new AssertionError(state.toString());
                        },
                        Reading.Unknown::cause);
    }
}
