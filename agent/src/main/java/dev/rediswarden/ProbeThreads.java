package dev.rediswarden;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for the probes: as many as run at the same time, so that one that hangs never keeps another waiting. */
final class ProbeThreads {

    private static final long STACK = 192 << 10;

    private ProbeThreads() {}

    /** A pool that cannot outgrow the number of probes, since a probe runs once at a time. */
    static ExecutorService create() {
        AtomicInteger number = new AtomicInteger();
        return new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), runnable -> {
                    Thread thread = new Thread(null, runnable, "probe-" + number.incrementAndGet(), STACK);
                    thread.setDaemon(true);
                    return thread;
                });
    }
}
