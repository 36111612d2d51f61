package dev.rediswarden.cycle;

import static dev.rediswarden.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Health;
import dev.rediswarden.check.Past;
import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop itself, on a thread of its own and on real time. */
class RunningCycleTest {

    /** So long that what happens in a test happens for another reason than that it was due. */
    private static final Duration NEVER = Duration.ofHours(1);

    private final World world = new World();
    private final LatestReport latest = world.latest(System::nanoTime);
    private Cycle cycle = start(NEVER);
    private Thread loop = new Thread();

    @AfterEach
    void end() throws InterruptedException {
        cycle.close();
        loop.interrupt();
        loop.join(5_000);
        world.close();
    }

    @Test
    void aWakeDuringACycleIsNotLost() {
        run(NEVER);
        for (int round = 1; round <= 50; round++) {
            int before = world.ping.reads.get();
            world.ping.hang();
            cycle.wake();
            await().until(() -> world.ping.reads.get() > before);
            cycle.wake(); // while the PING it asks for is under way
            world.ping.release();
            await().until(() -> world.ping.reads.get() >= before + 2);
        }
    }

    @Test
    void aWakeAtAnyMomentIsServed() {
        run(NEVER);
        for (int round = 0; round < 2_000; round++) {
            Reading<Ping> answer = Reading.known(Given.ping(Outcome.PONG, Integer.toString(round)));
            world.ping.answers(() -> answer);
            cycle.wake();
            await().pollInterval(Duration.ofNanos(20_000)).until(() -> told(answer));
        }
    }

    private boolean told(Reading<?> answer) {
        return latest.get().snapshot().instances().get(0).ping() == answer;
    }

    @Test
    void aBurstOfWakesIsFewCycles() {
        run(NEVER);
        int before = world.ping.reads.get();
        world.ping.hang();
        cycle.wake();
        await().until(() -> world.ping.reads.get() == before + 1);
        for (int i = 0; i < 10_000; i++) {
            cycle.wake();
        }
        world.ping.release();
        await().until(() -> world.ping.reads.get() == before + 2);
        int reports = world.reports.size();
        cycle.wake();
        await().until(() -> world.reports.size() > reports);

        assertThat(world.ping.reads.get()).isLessThanOrEqualTo(before + 3);
        assertThat(world.reports.size()).isLessThan(15);
    }

    @Test
    void reportsKeepComingHoweverSlowThePace() {
        run(NEVER);
        int reads = world.ping.reads.get();
        int reports = world.reports.size();
        await().atMost(Cycle.PULSE.multipliedBy(5)).until(() -> world.reports.size() >= reports + 2);

        assertThat(world.ping.reads).hasValue(reads);
    }

    @Test
    void aReplacementIsTakenUpWheneverItComes() throws Exception {
        run(NEVER);
        for (int round = 0; round < 300; round++) {
            try (World next = new World()) {
                CompletableFuture<Void> reported = cycle.replace(next.watched(System::nanoTime, NEVER, NEVER));
                reported.get(5, TimeUnit.SECONDS);

                assertThat(next.ping.reads.get()).isPositive();
            }
        }
        assertThat(world.probes()).allSatisfy(probe -> assertThat(probe.closed).hasValue(1));
    }

    @Test
    void aReplacementThatIsReplacedIsClosedAndCancelled() throws Exception {
        run(NEVER);
        world.ping.hang();
        int before = world.ping.reads.get();
        cycle.wake();
        await().until(() -> world.ping.reads.get() > before);
        try (World skipped = new World();
                World last = new World()) {
            CompletableFuture<Void> first = cycle.replace(skipped.watched(System::nanoTime, NEVER, NEVER));
            CompletableFuture<Void> second = cycle.replace(last.watched(System::nanoTime, NEVER, NEVER));
            world.ping.release();
            second.get(5, TimeUnit.SECONDS);

            assertThat(first.isDone()).isTrue();
            await().untilAsserted(() -> assertThat(last.ping.reads.get()).isPositive());
            assertThat(skipped.probes().stream().mapToInt(p -> p.closed.get()).sum())
                    .isIn(0, skipped.probes().size());
        }
    }

    @Test
    void theEndClosesEverythingAndDoesNotWaitForTheNextCycle() throws InterruptedException {
        run(NEVER);
        cycle.close();
        loop.join(2_000);

        assertThat(loop.isAlive()).isFalse();
        assertThat(world.probes()).allSatisfy(probe -> assertThat(probe.closed).hasValue(1));
        assertThat(world.busClosed).hasValue(1);
    }

    @Test
    void anEndAtAnyMomentEndsTheLoop() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            Cycle ending = start(NEVER);
            Thread thread = new Thread(ending::run, "cycle-" + round);
            thread.start();
            if (round % 2 == 0) {
                ending.wake();
            }
            ending.close();
            thread.join(2_000);

            assertThat(thread.isAlive()).isFalse();
        }
    }

    @Test
    void aReplacementAfterTheEndIsClosed() throws InterruptedException {
        run(NEVER);
        cycle.close();
        loop.join(2_000);
        try (World next = new World()) {
            CompletableFuture<Void> reported = cycle.replace(next.watched(System::nanoTime, NEVER, NEVER));

            assertThat(reported).isCancelled();
            assertThat(next.probes())
                    .allSatisfy(probe -> assertThat(probe.closed).hasValue(1));
        }
    }

    @Test
    void aSilentServerIsAskedAgainSoon() {
        world.ping.answers(() -> Reading.known(Given.ping(Outcome.REFUSED, "Connection refused")));
        run(NEVER);
        await().until(() -> latest.get().health() == Health.UNHEALTHY);
        world.ping.answers(() -> Reading.known(Given.ping(Outcome.PONG, "")));
        long back = System.nanoTime();

        await().pollInterval(Duration.ofMillis(2)).until(() -> latest.get().health() == Health.OK);
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
    }

    /** Nothing is due for an hour: what confirms the return is asked for by itself. */
    @Test
    void aReturnIsConfirmedSoon() {
        long begun = System.nanoTime();
        Watched undamped = world.watched(System::nanoTime, NEVER, NEVER);
        Watched damped = new Watched(
                undamped.kernel(),
                undamped.listeners(),
                undamped.siteUnits(),
                undamped.stewardship(),
                undamped.instances(),
                Checkup.repeated(Map.of(), Past.NONE),
                undamped.resources());
        cycle = new Cycle(
                damped,
                latest,
                (before, now) -> world.reports.add(now),
                world.threads,
                () -> Given.NOW.plusNanos(System.nanoTime() - begun),
                System::nanoTime);
        world.ping.answers(() -> Reading.known(Given.ping(Outcome.REFUSED, "Connection refused")));
        run();
        await().until(() -> latest.get().health() == Health.UNHEALTHY);
        world.ping.answers(() -> Reading.known(Given.ping(Outcome.PONG, "")));
        long back = System.nanoTime();

        await().pollInterval(Duration.ofMillis(2)).until(() -> latest.get().health() == Health.OK);
        assertThat(Duration.ofNanos(System.nanoTime() - back)).isLessThan(Duration.ofSeconds(2));
        assertThat(world.reports).anyMatch(Report::isRecovering);
    }

    @Test
    void whatCannotBeAskedIsNotAskedMoreOften() {
        world.ping.answers(Given::unknown);
        run(Duration.ofSeconds(2));
        long begun = System.nanoTime();
        await().until(() -> world.ping.reads.get() >= 2);

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThan(Duration.ofMillis(1_500));
    }

    @Test
    void aProbeThatComesBackLateIsToldAtOnce() {
        run(NEVER);
        world.ping.hang();
        cycle.wake();
        int reports = world.reports.size();
        await().until(() -> world.reports.size() > reports);
        world.ping.answers(() -> Reading.known(Given.ping(Outcome.REFUSED, "Connection refused")));
        world.ping.release();

        await().until(() -> latest.get().health() == Health.UNHEALTHY);
    }

    @Test
    void thePaceIsKept() {
        run(Duration.ofMillis(20));
        long begun = System.nanoTime();
        await().until(() -> world.ping.reads.get() >= 50);

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isBetween(Duration.ofMillis(900), Duration.ofSeconds(8));
    }

    private void run(Duration fast) {
        cycle = start(fast);
        run();
    }

    private void run() {
        loop = new Thread(cycle::run, "cycle");
        loop.start();
        await().until(() -> !world.reports.isEmpty());
    }

    private Cycle start(Duration fast) {
        return new Cycle(
                world.watched(System::nanoTime, fast, NEVER),
                latest,
                (Report before, Report now) -> world.reports.add(now),
                world.threads,
                () -> Given.NOW,
                System::nanoTime);
    }
}
