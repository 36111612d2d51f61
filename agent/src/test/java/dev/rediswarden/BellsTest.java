package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.Contested;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When root is called for settings, and when nobody is. */
class BellsTest {

    private static final Given UNBOUNDED = Given.healthy()
            .withInfo("total_system_memory", "4000000000")
            .withConfig("maxmemory-policy", "volatile-lru")
            .withConfFile("maxmemory-policy", "volatile-lru")
            .withConfig("maxmemory", "0");

    private static final Given ENFORCED = UNBOUNDED.with(Given.ENFORCED);

    @TempDir
    private Path directory = Path.of("");

    private long now;
    private Bells bells = new Bells(Path.of("/none"), () -> 0);

    @BeforeEach
    void here() {
        bells = new Bells(directory, () -> now);
    }

    @Test
    void aServerThatNobodyEnforcesCallsNobody() throws IOException {
        assertThat(rings(UNBOUNDED)).isFalse();
        assertThat(bells.size()).isZero();
    }

    @Test
    void aDifferenceCallsAtOnceAndAgainWithPauses() throws IOException {
        assertThat(rings(ENFORCED)).isTrue();
        assertThat(bells.size()).isEqualTo(1);
        assertThat(rings(ENFORCED)).isFalse();
        assertThat(ringsAfter(Duration.ofSeconds(2)))
                .as("the first may have been lost")
                .isTrue();
        assertThat(ringsAfter(Duration.ofSeconds(19))).isFalse();
        assertThat(ringsAfter(Duration.ofSeconds(1))).isTrue();
        for (int i = 0; i < 20; i++) {
            ringsAfter(Duration.ofMinutes(10));
        }
        assertThat(ringsAfter(Duration.ofMinutes(9))).isFalse();
        assertThat(ringsAfter(Duration.ofMinutes(1))).isTrue();
    }

    @Test
    void onceItIsAsWishedNobodyIsCalled() throws IOException {
        rings(ENFORCED);

        assertThat(rings(ENFORCED.withConfig("maxmemory", "7").withConfFile("maxmemory", "7")))
                .isFalse();
        assertThat(bells.size()).isZero();
        assertThat(rings(ENFORCED)).as("changed again").isTrue();
    }

    @Test
    void aServerThatIsAtWorkIsLeft() throws IOException {
        assertThat(rings(ENFORCED.withInfo("rdb_bgsave_in_progress", "1"))).isFalse();
        assertThat(rings(ENFORCED)).isTrue();
    }

    @Test
    void aPauseHoldsItAndItsEndCallsAnew() throws IOException {
        Stewardship paused = Stewardship.NONE.paused(Given.NOW.plusSeconds(60));
        rings(ENFORCED);

        assertThat(rings(ENFORCED, paused)).isFalse();
        now += Duration.ofMinutes(20).toNanos();
        assertThat(rings(ENFORCED, paused)).isFalse();
        assertThat(rings(ENFORCED)).isTrue();
    }

    @Test
    void whatWasGivenUpCallsSeldomAndAnythingElseAtOnce() throws IOException {
        Stewardship gaveUp =
                Stewardship.NONE.about(Map.of(), List.of(new Contested("main", "maxmemory", "0", "999292928", 2)));
        rings(ENFORCED, gaveUp);
        now += Duration.ofSeconds(2).toNanos();
        rings(ENFORCED, gaveUp);

        now += Duration.ofMinutes(59).toNanos();
        assertThat(rings(ENFORCED, gaveUp)).isFalse();
        now += Duration.ofMinutes(1).toNanos();
        assertThat(rings(ENFORCED, gaveUp)).isTrue();
        assertThat(rings(ENFORCED.withConfig("maxmemory-policy", "noeviction"), gaveUp))
                .isTrue();
    }

    private boolean ringsAfter(Duration time) throws IOException {
        now += time.toNanos();
        return rings(ENFORCED);
    }

    private boolean rings(Given given) throws IOException {
        return rings(given, Stewardship.NONE);
    }

    private boolean rings(Given given, Stewardship steward) throws IOException {
        Snapshot read = given.snapshot("main");
        Snapshot told = new Snapshot(
                read.takenAt(),
                read.kernel(),
                read.listeners(),
                read.siteUnits(),
                Reading.known(steward),
                read.instances());
        bells.published(new Checkup(List.of(), Map.of()).examine(told, Report.none(Given.NOW)));
        assertThat(directory.resolve("apply")).as("no unit is to be changed").doesNotExist();
        return Files.deleteIfExists(directory.resolve("enforce"));
    }
}
