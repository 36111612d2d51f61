package dev.rediswarden.cycle;

import static dev.rediswarden.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Health;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cycles turned by hand, in a world whose clock stands still. */
class CycleTest {

    private final World world = new World();
    private final LatestReport latest = world.latest(world.now::get);
    private final Cycle cycle = world.byHand(latest);

    @AfterEach
    void end() {
        world.close();
    }

    @Test
    void theFirstReportIsComplete() throws InterruptedException {
        cycle.once(true);

        assertThat(latest.get().health()).isEqualTo(Health.OK);
        assertThat(latest.get().results()).hasSize(18);
        assertThat(world.probes()).allSatisfy(probe -> assertThat(probe.reads).hasValue(1));
    }

    @Test
    void fastProbesRunEachSecondAndSlowOnesEveryTen() throws InterruptedException {
        cycle.once(true);
        for (int second = 0; second < 20; second++) {
            world.advance(World.FAST);
            cycle.once(false);
            await().until(() -> allIdle());
        }

        assertThat(world.ping.reads).hasValue(21);
        assertThat(world.unit.reads).hasValue(21);
        assertThat(world.server.reads).hasValue(3);
        assertThat(world.listeners.reads).hasValue(3);
    }

    @Test
    void whatIsAtHandIsToldWithoutARun() throws InterruptedException {
        cycle.once(true);
        Reading<UnitState> known = Reading.known(latest.get()
                .snapshot()
                .instances()
                .get(0)
                .unit()
                .orElseThrow()
                .optional()
                .orElseThrow());
        world.unit.knows(known);
        world.unit.hang();
        world.advance(World.FAST);
        cycle.once(false);

        assertThat(world.unit.reads).hasValue(1);
        assertThat(latest.get().snapshot().instances().get(0).unit().orElseThrow())
                .isSameAs(known);
    }

    @Test
    void noProbeRunsMuchBeforeItIsDue() throws InterruptedException {
        cycle.once(true);
        world.advance(World.FAST.dividedBy(2).minusNanos(1));
        cycle.once(false);

        assertThat(world.probes()).allSatisfy(probe -> assertThat(probe.reads).hasValue(1));
    }

    @Test
    void whatFellOutOfStepIsTakenAlongAgain() throws InterruptedException {
        world.ping.hang();
        cycle.once(false);
        world.advance(World.FAST.multipliedBy(13).dividedBy(10));
        cycle.once(false);
        world.ping.release();
        await().until(this::allIdle);
        world.advance(World.FAST.dividedBy(5));
        cycle.once(false);
        assertThat(world.ping.reads)
                .as("alone, in the midst of the others' second")
                .hasValue(2);
        assertThat(world.unit.reads).hasValue(2);

        world.advance(World.FAST.multipliedBy(4).dividedBy(5));
        cycle.once(false);

        assertThat(world.ping.reads).hasValue(3);
        assertThat(world.unit.reads).hasValue(3);
    }

    @Test
    void aWakeRunsTheFastProbesAtOnce() throws InterruptedException {
        cycle.once(true);
        cycle.wake();
        cycle.once(false);

        assertThat(world.ping.reads).hasValue(2);
        assertThat(world.unit.reads).hasValue(2);
        assertThat(world.server.reads).hasValue(1);
    }

    @Test
    void aHangingProbeIsAskedOnceAndHidesNoOther() throws InterruptedException {
        cycle.once(true);
        world.ping.hang();
        world.unit.answers(() -> Reading.known(Given.unit("loaded", "enabled", "failed", "failed", "signal")));
        world.advance(World.FAST);
        cycle.once(false);
        world.advance(World.FAST);
        cycle.once(false);

        assertThat(status("unit")).isEqualTo(Status.UNHEALTHY);
        assertThat(status("ping")).as("the reading before").isEqualTo(Status.OK);
        assertThat(world.ping.reads).hasValue(2);
    }

    @Test
    void aHangingProbeIsWaitedForOnce() throws InterruptedException {
        cycle.once(true);
        world.ping.hang();
        world.advance(World.FAST);
        cycle.once(false);
        long before = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            world.advance(World.FAST.dividedBy(2));
            cycle.once(false);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Cycle.PATIENCE.multipliedBy(2));
    }

    @Test
    void aProbeOverItsDeadlineIsUnknownUntilItComesBack() throws InterruptedException {
        cycle.once(true);
        world.ping.hang();
        world.advance(World.FAST);
        cycle.once(false);
        world.advance(Duration.ofMillis(5_001));
        cycle.once(false);

        assertThat(detail("ping")).contains("PING of main has not come back for more than 5 s");
        assertThat(status("ping")).isEqualTo(Status.UNKNOWN);

        world.ping.release();
        await().until(this::allIdle);
        cycle.once(false);

        assertThat(status("ping")).isEqualTo(Status.OK);
    }

    @Test
    void aThrowingProbeIsUnknownAndNoOtherSuffers() throws InterruptedException {
        world.ping.answers(() -> {
            throw new IllegalStateException("oops");
        });
        cycle.once(true);

        assertThat(status("ping")).isEqualTo(Status.UNKNOWN);
        assertThat(detail("ping")).contains("PING of main failed", "oops");
        assertThat(status("unit")).isEqualTo(Status.OK);
    }

    @Test
    void aProbeThatRunsOutOfStackDoesNotKeepItsOldAnswer() throws InterruptedException {
        cycle.once(true);
        world.ping.answers(() -> {
            throw new StackOverflowError();
        });
        world.advance(World.FAST);
        cycle.once(false);

        assertThat(status("ping")).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void aSlowProbeWhoseAnswerIsLateIsAskedAgainSoonAndThenAtItsPace() throws InterruptedException {
        cycle.once(true);
        world.server.answers(() -> Reading.unknown(Reading.Cause.TIMEOUT, "INFO was not answered"));
        world.advance(World.SLOW);
        for (int second = 0; second < 9; second++) {
            cycle.once(false);
            await().until(this::allIdle);
            world.advance(World.FAST);
        }

        assertThat(world.server.reads).as("once, and two tries more").hasValue(1 + 3);
        assertThat(world.listeners.reads).hasValue(2);
    }

    @Test
    void withoutAThreadAProbeIsUnknown() throws InterruptedException {
        cycle.once(true);
        world.threads.shutdownNow();
        world.advance(World.SLOW);
        cycle.once(false);

        assertThat(latest.get().results())
                .filteredOn(r -> r.status() == Status.OK)
                .isEmpty();
    }

    @Test
    void aServerThatGoesIsReadAnewAsAWhole() throws InterruptedException {
        cycle.once(true);
        world.ping.answers(() -> Reading.known(Given.ping(Outcome.REFUSED, "Connection refused")));
        world.advance(World.FAST);
        cycle.once(false);
        cycle.once(false);

        assertThat(status("ping")).isEqualTo(Status.UNHEALTHY);
        await().untilAsserted(() -> assertThat(world.server.reads).hasValue(2));
    }

    @Test
    void aFirstCompleteCycleIsNotFollowedByASecond() throws InterruptedException {
        cycle.once(true);
        cycle.once(false);

        assertThat(world.server.reads).hasValue(1);
    }

    @Test
    void aReportThatIsNotRenewedGoesStale() throws InterruptedException {
        cycle.once(true);
        assertThat(latest.isLive()).isTrue();
        world.advance(Duration.ofSeconds(6));

        assertThat(latest.isLive()).isFalse();
        assertThat(latest.age()).isEqualTo(Duration.ofSeconds(6));
        assertThat(latest.get().health()).isEqualTo(Health.UNHEALTHY);
        assertThat(latest.get().summary()).contains("the last complete cycle is 6 s old");

        cycle.once(false);
        assertThat(latest.get().health()).isEqualTo(Health.OK);
    }

    @Test
    void beforeTheFirstReportAllIsUnhealthy() {
        assertThat(latest.isLive()).isFalse();
        assertThat(latest.get().health()).isEqualTo(Health.UNHEALTHY);
    }

    @Test
    void oneLookAloneAsksAHungServerThreeTimes() {
        world.ping.answers(() -> Reading.known(Given.timeouts(world.ping.reads.get())));
        Report report = Cycle.once(world.watched(), world.threads, () -> Given.NOW, world.now::get);

        assertThat(report.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(world.ping.reads).hasValue(3);
        assertThat(world.server.reads).hasValue(1);
    }

    @Test
    void oneLookAloneClosesWhatItUsed() {
        Report report = Cycle.once(world.watched(), world.threads, () -> Given.NOW, world.now::get);

        assertThat(report.health()).isEqualTo(Health.OK);
        assertThat(world.probes()).allSatisfy(probe -> {
            assertThat(probe.reads).hasValue(1);
            assertThat(probe.closed).hasValue(1);
        });
        assertThat(world.busClosed).hasValue(1);
    }

    @Test
    void aProbeIsNotClosedUnderItsOwnRun() throws InterruptedException {
        world.server.hang();
        Watched watched = world.watched();
        Watch<?> server = watched.instances().get(0).server();
        server.start(world.now.get(), world.threads, () -> {});
        await().until(() -> world.server.reads.get() == 1);
        watched.close();

        assertThat(world.server.closed).hasValue(0);
        assertThat(world.ping.closed).hasValue(1);
        assertThat(world.busClosed)
                .as("the bus outlives the probes that use it")
                .hasValue(0);

        world.server.release();
        await().untilAsserted(() -> assertThat(world.server.closed).hasValue(1));
        await().untilAsserted(() -> assertThat(world.busClosed).hasValue(1));
        assertThat(world.server.readsAfterClose).hasValue(0);
    }

    private boolean allIdle() {
        return world.probes().stream().allMatch(probe -> probe.reads.get() == probe.done.get());
    }

    private Status status(String check) {
        return latest.get().result(check).map(CheckResult::status).orElseThrow();
    }

    private String detail(String check) {
        return latest.get().result(check).orElseThrow().verdict().detail();
    }
}
