package dev.rediswarden.history;

import java.time.Duration;
import java.util.Arrays;

/** One figure over time, in even steps; NaN where nothing is known. */
public final class Series {

    private final Metric metric;
    private final Duration step;
    private final long start;
    private final double[] sums;
    private final int[] counts;
    private final float[] least;
    private final float[] most;

    /** @param start of the first step, in seconds since 1970; each other one follows {@code step} later */
    Series(Metric metric, Duration step, long start, int size) {
        this.metric = metric;
        this.step = step;
        this.start = start;
        this.sums = new double[size];
        this.counts = new int[size];
        this.least = new float[size];
        this.most = new float[size];
        Arrays.fill(least, Float.NaN);
        Arrays.fill(most, Float.NaN);
    }

    /** Takes what was within a part of a step; what is unknown counts for nothing. */
    void add(long at, float average, float smallest, float largest) {
        long point = Math.floorDiv(at - start, step.toSeconds());
        if (point < 0 || point >= sums.length || Float.isNaN(average)) {
            return;
        }
        int i = (int) point;
        sums[i] += average;
        counts[i]++;
        least[i] = Float.isNaN(least[i]) ? smallest : Math.min(least[i], smallest);
        most[i] = Float.isNaN(most[i]) ? largest : Math.max(most[i], largest);
    }

    public Metric metric() {
        return metric;
    }

    public Duration step() {
        return step;
    }

    public int size() {
        return sums.length;
    }

    /** When the step begins, in seconds since 1970. */
    public long at(int point) {
        return start + point * step.toSeconds();
    }

    /** Within the step; NaN where nothing is known. */
    public double average(int point) {
        return counts[point] == 0 ? Double.NaN : sums[point] / counts[point];
    }

    /** The smallest within the step. */
    public double least(int point) {
        return least[point];
    }

    /** The largest within the step. */
    public double most(int point) {
        return most[point];
    }

    /** Whether nothing at all is known. */
    public boolean isEmpty() {
        return Arrays.stream(counts).allMatch(count -> count == 0);
    }
}
