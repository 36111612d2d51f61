package dev.rediswarden.history;

import java.util.Arrays;

/** Average, least and most of what is known within a longer step. */
final class Condensed {

    private final double[] sums;
    private final int[] counts;
    private final float[] least;
    private final float[] most;
    private boolean empty = true;

    Condensed(int metrics) {
        this.sums = new double[metrics];
        this.counts = new int[metrics];
        this.least = new float[metrics];
        this.most = new float[metrics];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
    }

    void add(float[] values) {
        empty = false;
        for (int i = 0; i < sums.length; i++) {
            if (!Float.isNaN(values[i])) {
                sums[i] += values[i];
                counts[i]++;
                least[i] = Math.min(least[i], values[i]);
                most[i] = Math.max(most[i], values[i]);
            }
        }
    }

    /** Whether there was no record at all. */
    boolean isEmpty() {
        return empty;
    }

    float[] values() {
        float[] values = new float[sums.length * 3];
        Arrays.fill(values, Float.NaN);
        for (int i = 0; i < sums.length; i++) {
            if (counts[i] > 0) {
                values[3 * i] = (float) (sums[i] / counts[i]);
                values[3 * i + 1] = least[i];
                values[3 * i + 2] = most[i];
            }
        }
        return values;
    }
}
