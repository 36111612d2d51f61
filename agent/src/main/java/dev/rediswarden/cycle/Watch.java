package dev.rediswarden.cycle;

import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Runs one probe at its pace, as a rule on a thread of its own, and holds what it found last. While a run is under way the reading
 * before is told; once the run is over its deadline, that it is.
 *
 * <p>Started and read by the cycle alone; only the run itself happens elsewhere.
 */
public final class Watch<T> {

    /** How many late answers in a row are no accident. */
    private static final int TRIES = 3;

    private final Probe<T> probe;
    private final Pace pace;
    private final LongSupplier nanos;
    private final boolean instant;
    private volatile Reading<T> latest;
    private volatile CompletableFuture<Void> run = CompletableFuture.completedFuture(null);
    private volatile long startedAt;
    private volatile int late;
    private boolean due = true;

    /** @param nanos a monotonic clock, as {@link System#nanoTime} */
    public Watch(Probe<T> probe, Pace pace, LongSupplier nanos) {
        this(probe, pace, nanos, false);
    }

    /** For a probe that can wait for nothing (a file in memory): it is run by the cycle itself, which costs no thread. */
    public static <T> Watch<T> instant(Probe<T> probe, Pace pace, LongSupplier nanos) {
        return new Watch<>(probe, pace, nanos, true);
    }

    private Watch(Probe<T> probe, Pace pace, LongSupplier nanos, boolean instant) {
        this.instant = instant;
        this.probe = probe;
        this.pace = pace;
        this.nanos = nanos;
        this.latest = Reading.unknown(Cause.NOT_READ, probe.name() + " was not read yet");
    }

    /** Makes the next {@link #start} run the probe, whatever its pace. */
    void hurry() {
        due = true;
    }

    /** Whether the next run is one that somebody waits for, not one that the pace brings. */
    boolean isHurried() {
        return due;
    }

    /**
     * Starts a run where one is due and none is under way.
     *
     * @param now when the cycle began: probes of one cycle stay due together, and need no cycle each
     * @param finished called on the run's thread once its reading is in place
     * @return whether a run was started; not where the reading was at hand
     */
    boolean start(long now, Executor threads, Runnable finished) {
        if (!run.isDone() || !(due || now - startedAt >= every() - earliness())) {
            return false;
        }
        due = false;
        startedAt = now;
        Optional<Reading<T>> known = atHand();
        if (known.isPresent()) {
            latest = known.get();
            late = 0;
            return false;
        }
        try {
            run = CompletableFuture.runAsync(this::read, instant ? Runnable::run : threads)
                    .thenRun(finished);
            return true;
        } catch (RejectedExecutionException e) {
            latest = Reading.unknown(Cause.FAILED, probe.name() + " could not be read: no thread is free");
            return false;
        }
    }

    private Optional<Reading<T>> atHand() {
        try {
            return probe.atHand();
        } catch (RuntimeException e) {
            return Optional.empty(); // reading it will tell
        }
    }

    /** How much too early a cycle may take a probe along: what once fell out of step would need a cycle of its own. */
    private long earliness() {
        return Math.min(Cycle.PULSE.toNanos(), every()) / 2;
    }

    /** One answer that was late says little: what is asked seldom is asked again soon, a few times. */
    private long every() {
        long every = pace.every().toNanos();
        return late > 0 && late < TRIES ? Math.min(every, Cycle.PULSE.toNanos()) : every;
    }

    private void read() {
        try {
            latest = probe.read();
            late = isLate(latest) ? late + 1 : 0;
        } catch (RuntimeException | Error e) {
            // Whatever it is: the reading before must not be told as if this one had confirmed it.
            latest = Reading.unknown(Cause.FAILED, probe.name() + " failed: " + e);
        }
    }

    private static boolean isLate(Reading<?> reading) {
        return reading instanceof Reading.Unknown<?> unknown && unknown.cause() == Cause.TIMEOUT;
    }

    /** The run under way, or the last one. */
    CompletableFuture<Void> run() {
        return run;
    }

    boolean isOverdue() {
        return !run.isDone() && nanos.getAsLong() - startedAt > pace.deadline().toNanos();
    }

    Reading<T> reading() {
        return isOverdue()
                ? Reading.unknown(
                        Cause.TIMEOUT,
                        probe.name() + " has not come back for more than "
                                + pace.deadline().toSeconds() + " s")
                : latest;
    }

    /**
     * The reading once the run under way has ended, or is over its deadline: for a probe that needs what another
     * reads. Blocks; never called by the cycle.
     */
    public Reading<T> settled() {
        try {
            run.get(pace.deadline().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The reading says it.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return reading();
    }

    /** Nanoseconds until the next run is due; 0 or less where it already is. */
    long nanosUntilDue() {
        return due ? 0 : every() - (nanos.getAsLong() - startedAt);
    }

    /**
     * Closes the probe when the run under way ends, and at once where there is none; never started again. A probe is
     * not closed under its own run: that run might open anew what was just closed.
     */
    CompletableFuture<Void> retire() {
        return run.handle((done, failed) -> {
            probe.close();
            return null;
        });
    }
}
