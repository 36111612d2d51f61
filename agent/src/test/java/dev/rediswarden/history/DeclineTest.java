package dev.rediswarden.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Forecast.Trend;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Series as servers have them, a week long in steps of ten minutes, in MiB of a limit of 1,000. */
class DeclineTest {

    private static final int DAY = 144;
    private static final int WEEK = 7 * DAY;
    private static final Duration STEP = Duration.ofMinutes(10);

    private final Random random = new Random(20_260_102);

    /** 200 MiB, and for a day 20 MiB an hour more: 320 are left. */
    @Test
    void aLeakIsTold() {
        Trend leak = trend(i -> 200 + 20.0 * Math.max(0, i - (WEEK - DAY)) / 6).orElseThrow();

        assertThat(leak.left()).isCloseTo(Duration.ofHours(16), Duration.ofMinutes(10));
        assertThat(leak.perHour()).isBetween(19.9, 20.1);
        assertThat(leak.over()).isEqualTo(STEP.multipliedBy(DAY - 1));
    }

    @Test
    void aNoisyLeakIsTold() {
        Trend leak = trend(i -> 200 + 20.0 * Math.max(0, i - (WEEK - DAY)) / 6 + random.nextGaussian() * 5)
                .orElseThrow();

        assertThat(leak.left()).isBetween(Duration.ofHours(13), Duration.ofHours(20));
    }

    @Test
    void aLeakAfterARestartIsToldAfterTwoHours() {
        // What was before the restart is not known of this process.
        IntToDoubleFunction leak = i -> i < WEEK - 13 ? Double.NaN : 100 + 20.0 * (i - (WEEK - 13));

        assertThat(trend(leak).orElseThrow().left()).isCloseTo(Duration.ofHours(5), Duration.ofMinutes(40));
        assertThat(trend(i -> i < WEEK - 11 ? Double.NaN : leak.applyAsDouble(i)))
                .isEmpty();
    }

    @Test
    void anEvenLoadIsNone() {
        for (int round = 0; round < 100; round++) {
            assertThat(trend(i -> 400 + random.nextGaussian() * 10)).isEmpty();
        }
        assertThat(trend(i -> 400)).isEmpty();
    }

    /** A random walk rises and falls by chance: of a hundred hardly one for a day without a turn. */
    @Test
    void whatMovesByChanceIsHardlyEverOne() {
        int told = 0;
        for (int round = 0; round < 200; round++) {
            double[] walk = new double[WEEK];
            walk[0] = 400;
            for (int i = 1; i < WEEK; i++) {
                walk[i] = walk[i - 1] + random.nextGaussian();
            }
            told += trend(i -> walk[i])
                            .filter(trend -> trend.left().compareTo(Duration.ofHours(24)) < 0)
                            .isPresent()
                    ? 1
                    : 0;
        }
        assertThat(told).isLessThanOrEqualTo(2);
    }

    /** Keys expire, caches are flushed: at whatever hour, and however long a tooth is, up to two days. */
    @Test
    void aSawtoothIsNone() {
        for (int tooth : new int[] {3, 6, 12, 36, 72, 144, 200, 288}) {
            for (int phase = 0; phase < tooth; phase++) {
                int at = phase;
                assertThat(trend(i -> 200 + 600.0 * ((i + at) % tooth) / tooth))
                        .as("teeth of %d steps, %d in", tooth, phase)
                        .isEmpty();
            }
        }
    }

    @Test
    void aDayAndItsNightAreNone() {
        for (int phase = 0; phase < DAY; phase += 5) {
            int at = phase;
            assertThat(trend(i -> 500 + 300 * Math.sin(2 * Math.PI * (i + at) / DAY) + random.nextGaussian() * 5))
                    .as("%d steps in", phase)
                    .isEmpty();
        }
    }

    /** A cache that was restarted fills up, ever more slowly, and stays under its limit. */
    @Test
    void aCacheThatHasFilledUpIsNone() {
        assertThat(trend(i -> 900 * (1 - Math.exp(-(i - (WEEK - DAY)) / 20.0)))).isEmpty();
    }

    @Test
    void aGrowthThatHasEndedIsNone() {
        assertThat(trend(i -> 200 + 4.0 * Math.min(i - (WEEK - DAY), 100))).isEmpty();
    }

    @Test
    void whatIsNotKnownAnyMoreIsNone() {
        assertThat(trend(i -> i > WEEK - 6 ? Double.NaN : 200 + i)).isEmpty();
        assertThat(trend(i -> Double.NaN)).isEmpty();
        assertThat(Decline.of(new double[0], STEP)).isEmpty();
    }

    @Test
    void gapsHarmNothing() {
        Trend leak = trend(i -> i % 3 == 0 ? Double.NaN : 200 + 20.0 * Math.max(0, i - (WEEK - DAY)) / 6)
                .orElseThrow();

        assertThat(leak.left()).isCloseTo(Duration.ofHours(16), Duration.ofMinutes(15));
    }

    /** @param used by the number of the step */
    private static Optional<Trend> trend(IntToDoubleFunction used) {
        double[] left = new double[WEEK];
        Arrays.setAll(left, i -> 1000 - used.applyAsDouble(i));
        return Decline.of(left, STEP);
    }
}
