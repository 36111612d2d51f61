package dev.rediswarden.cycle;

import static dev.rediswarden.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Health;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SiteAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A site beside a healthy Redis: it is told with it, and holds up nobody. */
class SiteCycleTest {

    private final World world = new World();
    private final LatestReport latest = world.latest(world.now::get);
    private final GivenSite site = GivenSite.healthy();
    private final FakeProbe<SiteAnswer> answer = new FakeProbe<>("the health of acme", site::answer);
    private final FakeProbe<Backup> backup = new FakeProbe<>("the backups of acme", site::backup);

    @AfterEach
    void end() {
        answer.release();
        world.close();
    }

    @Test
    void itIsToldWithTheFirstReport() throws InterruptedException {
        cycle().once(true);

        assertThat(latest.get().result("acme/health").orElseThrow().status()).isEqualTo(Status.OK);
        assertThat(latest.get().result("acme/backup").orElseThrow().status()).isEqualTo(Status.OK);
    }

    @Test
    void oneThatHangsHoldsUpNoReport() throws InterruptedException {
        answer.hang();
        Cycle cycle = cycle();
        long before = System.nanoTime();

        cycle.once(true);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
        assertThat(latest.get().result("ping").orElseThrow().status()).isEqualTo(Status.OK);
        assertThat(latest.get().result("acme/health").orElseThrow().status()).isEqualTo(Status.UNKNOWN);
        assertThat(latest.get().health()).isEqualTo(Health.DEGRADED);
        answer.release();
        await().until(() -> answer.done.get() == 1);
        await().until(() -> {
            cycle.once(false);
            return latest.get().health() == Health.OK;
        });
    }

    @Test
    void itIsAskedInTheSlowRhythm() throws InterruptedException {
        Cycle cycle = cycle();
        cycle.once(true);
        for (int second = 0; second < 20; second++) {
            world.advance(World.FAST);
            cycle.once(false);
            await().until(() -> answer.reads.get() == answer.done.get());
        }

        assertThat(answer.reads).hasValue(3);
    }

    @Test
    void oneLookAloneWaitsForItAndAsksAgainWhereItIsLate() {
        answer.answers(() -> answer.reads.get() < 3 ? Reading.unknown(Cause.TIMEOUT, "late") : site.answer());

        Report report = Cycle.once(watched(), world.threads, () -> Given.NOW, System::nanoTime);

        assertThat(answer.reads).hasValue(3);
        assertThat(report.result("acme/health").orElseThrow().status()).isEqualTo(Status.OK);
        assertThat(answer.closed).hasValue(1);
    }

    private Cycle cycle() {
        return new Cycle(watched(), latest, (before, now) -> {}, world.threads, () -> Given.NOW, world.now::get);
    }

    private Watched watched() {
        Watched alone = world.watched();
        Pace slow = Pace.slow(World.SLOW, Duration.ofSeconds(5));
        return new Watched(
                alone.kernel(),
                Optional.empty(),
                alone.listeners(),
                alone.siteUnits(),
                alone.stewardship(),
                alone.instances(),
                List.of(new SiteWatch(
                        site.site(),
                        new Watch<>(answer, slow, world.now::get),
                        new Watch<>(backup, slow, world.now::get))),
                Optional.empty(),
                alone.checkup(),
                alone.resources());
    }
}
