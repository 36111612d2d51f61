package dev.rediswarden;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for the probes: a few that share them, since each costs as much memory as watching a server does; and one for
 * each as soon as none of them gets on, so that those that hang never keep the others waiting.
 */
final class ProbeThreads extends ThreadPoolExecutor {

    /** With these the probes of one server are over within milliseconds. */
    private static final int FEW = 4;

    private static final long STACK = 192 << 10;
    private static final long PATIENCE_MILLIS = 20;

    private final AtomicBoolean watched = new AtomicBoolean();

    private ProbeThreads(AtomicInteger number) {
        super(FEW, FEW, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), runnable -> {
            Thread thread = new Thread(null, runnable, "probe-" + number.incrementAndGet(), STACK);
            thread.setDaemon(true);
            return thread;
        });
        allowCoreThreadTimeOut(true);
    }

    /** A pool that cannot outgrow the number of probes, since a probe runs once at a time. */
    static ProbeThreads create() {
        return new ProbeThreads(new AtomicInteger());
    }

    @Override
    public void execute(Runnable probe) {
        super.execute(probe);
        // One that a thread is about to take is in the queue as well.
        if (getActiveCount() + getQueue().size() > getCorePoolSize()) {
            watch();
        }
    }

    /** Looks again in a moment; by a thread of the JDK's that runs nothing else. */
    private void watch() {
        if (watched.compareAndSet(false, true)) {
            long ended = getCompletedTaskCount();
            CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> relieve(ended));
        }
    }

    private void relieve(long ended) {
        watched.set(false);
        if (getQueue().isEmpty()) {
            setCorePoolSize(FEW);
            setMaximumPoolSize(FEW);
        } else {
            if (getCompletedTaskCount() == ended) {
                int wanted =
                        Math.max(getCorePoolSize(), getPoolSize() + getQueue().size());
                setMaximumPoolSize(wanted);
                setCorePoolSize(wanted);
            }
            watch();
        }
    }
}
