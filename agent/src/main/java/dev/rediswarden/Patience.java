package dev.rediswarden;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Looks again at what can pass by itself, until it has, or the time for it is over. */
final class Patience {

    /** From one look to the next; short against what Redis takes to start. */
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final Semaphore never = new Semaphore(0);
    private final LongSupplier nanos;
    private final long end;
    private final Consumer<String> progress;

    /**
     * @param limit from now on, for all that is waited for together
     * @param progress is told before each pause what is waited for, and an empty line in the end
     */
    Patience(Duration limit, LongSupplier nanos, Consumer<String> progress) {
        this.nanos = nanos;
        this.end = nanos.getAsLong() + limit.toNanos();
        this.progress = progress;
    }

    /**
     * What the last look saw; there is one at least.
     *
     * @param waitedFor what is wrong and can pass; empty for what is final, good or bad
     */
    <T> T until(Supplier<T> look, Function<T, String> waitedFor) {
        T seen = look.get();
        String reason = waitedFor.apply(seen);
        boolean waited = false;
        while (!reason.isEmpty() && left() > 0 && !Thread.currentThread().isInterrupted()) {
            waited = true;
            progress.accept(reason + "; waiting up to " + (left() / 1_000_000_000 + 1) + " s for Redis");
            pause();
            seen = look.get();
            reason = waitedFor.apply(seen);
        }
        if (waited) {
            progress.accept("");
        }
        return seen;
    }

    private long left() {
        return end - nanos.getAsLong();
    }

    private void pause() {
        try {
            if (never.tryAcquire(Math.min(left(), PAUSE.toNanos()), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("nobody releases it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
