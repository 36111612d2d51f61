package dev.rediswarden.history;

import dev.rediswarden.snapshot.Forecast.Trend;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * When something will be used up, by how it went: only where it declines steadily, still does, and is lower than it ever
 * was. A cache that fills and empties, a log that is rotated, a plateau are none of that.
 *
 * <p>The rate is the median of the slopes between all points (Theil and Sen), which no outlier moves; that there is one at
 * all is Mann's and Kendall's test, which counts the pairs that fall against those that rise.
 */
final class Decline {

    /** How far back a rate is drawn from: a day in steps of ten minutes. */
    static final int WINDOW = 144;

    /** Two hours: fewer points say nothing. */
    static final int FEWEST = 12;

    /** How many of the newest points may be missing. */
    private static final int SLACK = 3;

    /** Of all pairs, by how much more must fall than rise. */
    private static final double STEADY = 0.5;

    /** One-sided, one in two thousand by chance. */
    private static final double SIGNIFICANT = 3.3;

    /** A rate that has fallen to less than this share of itself has levelled off. */
    private static final double LASTING = 0.5;

    /** How much lower than ever it must be. */
    private static final double LOWER = 0.95;

    private Decline() {}

    /** How many points are known within the window. */
    static int known(double[] left) {
        int known = 0;
        for (int i = Math.max(0, left.length - WINDOW); i < left.length; i++) {
            known += Double.isNaN(left[i]) ? 0 : 1;
        }
        return known;
    }

    /**
     * The trend to nothing left.
     *
     * @param left bytes, the oldest first, in even steps; NaN where that is not known
     */
    static Optional<Trend> of(double[] left, Duration step) {
        int from = Math.max(0, left.length - WINDOW);
        int[] at = new int[left.length - from];
        double[] value = new double[at.length];
        int known = 0;
        for (int i = from; i < left.length; i++) {
            if (!Double.isNaN(left[i])) {
                at[known] = i;
                value[known++] = left[i];
            }
        }
        if (known < FEWEST || at[known - 1] < left.length - 1 - SLACK) {
            return Optional.empty();
        }
        double last = value[known - 1];
        double whole = -slope(at, value, 0, known);
        double recent = -slope(at, value, known - Math.max(FEWEST, known / 4), known);
        double rate = Math.min(whole, recent);
        if (!isSteady(value, known) || rate <= 0 || recent < whole * LASTING || wasAsLow(left, from, last)) {
            return Optional.empty();
        }
        double steps = Math.max(0, last) / rate;
        double seconds = Math.min(
                steps * step.toSeconds(), (double) Duration.ofDays(3650).toSeconds());
        return Optional.of(new Trend(
                Duration.ofSeconds((long) seconds),
                rate * Duration.ofHours(1).toSeconds() / step.toSeconds(),
                step.multipliedBy(at[known - 1] - at[0])));
    }

    /** The median of all slopes. */
    private static double slope(int[] at, double[] value, int from, int to) {
        int points = to - from;
        double[] slopes = new double[points * (points - 1) / 2];
        int count = 0;
        for (int i = from; i < to; i++) {
            for (int j = i + 1; j < to; j++) {
                slopes[count++] = (value[j] - value[i]) / (at[j] - at[i]);
            }
        }
        Arrays.sort(slopes);
        return (slopes[(count - 1) / 2] + slopes[count / 2]) / 2;
    }

    private static boolean isSteady(double[] value, int known) {
        long falling = 0;
        for (int i = 0; i < known; i++) {
            for (int j = i + 1; j < known; j++) {
                falling += Double.compare(value[i], value[j]);
            }
        }
        double pairs = known * (known - 1L) / 2.0;
        double deviation = Math.sqrt(known * (known - 1L) * (2L * known + 5) / 18.0);
        return falling / pairs >= STEADY && (falling - 1) / deviation >= SIGNIFICANT;
    }

    /** It came back from there by itself. */
    private static boolean wasAsLow(double[] left, int before, double last) {
        for (int i = 0; i < before; i++) {
            if (left[i] * LOWER <= last) {
                return true;
            }
        }
        return false;
    }
}
