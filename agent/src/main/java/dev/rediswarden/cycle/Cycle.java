package dev.rediswarden.cycle;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The loop: run what is due, judge, publish, wait. A cycle waits a short while for the probes it has started, so that
 * one report tells one moment, and what a file says is not held against what the server said ten seconds ago; a probe
 * that takes longer is told when it comes back, and holds up nobody else.
 */
public final class Cycle implements AutoCloseable {

    /** What a cycle tells to those who want to know at once. */
    public interface Listener {

        void published(Report before, Report now);
    }

    /** How long a cycle waits for its probes; ten times what they take on a busy host. */
    static final Duration PATIENCE = Duration.ofMillis(250);

    /** How long the first cycle waits for every probe, since a report that lacks most readings helps nobody. */
    static final Duration FIRST_PATIENCE = Duration.ofSeconds(5);

    /** How long the first cycle waits for sites, which may start at the same time and must not hold it up. */
    static final Duration SITES_PATIENCE = Duration.ofMillis(500);

    /** A cycle comes at least this often, however slow the pace: it feeds the watchdog, and says that the agent lives. */
    static final Duration PULSE = Duration.ofSeconds(1);

    /**
     * How soon to ask again where Redis does not answer, and where its return is to be confirmed: it is noticed without
     * a bus as well.
     */
    private static final Duration RETRY = Duration.ofMillis(100);

    /** What to watch next, and whom to tell once the first report on it is out. */
    private record Replacement(Watched watched, CompletableFuture<Void> reported) {}

    private final AtomicReference<@Nullable Replacement> replacement = new AtomicReference<>();
    private final AtomicBoolean hurry = new AtomicBoolean();
    private final Semaphore wakes = new Semaphore(0);
    private final LatestReport latest;
    private final Listener listener;
    private final Executor threads;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private Watched watched;
    private List<Watch<?>> fast;
    private List<Watch<?>> slow;
    private List<Watch<?>> ofSites;
    private volatile boolean closed;

    public Cycle(
            Watched watched,
            LatestReport latest,
            Listener listener,
            Executor threads,
            InstantSource clock,
            LongSupplier nanos) {
        this.watched = watched;
        this.fast = watched.fast();
        this.slow = watched.slow();
        this.ofSites = watched.ofSites();
        this.latest = latest;
        this.listener = listener;
        this.threads = threads;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** How often to ask a server that does not answer in time, before one look alone is the verdict. */
    private static final int TRIES = 3;

    /** One cycle alone, of everything, and a server that is slow is asked again; what is watched is closed with it. */
    public static Report once(Watched watched, Executor threads, InstantSource clock, LongSupplier nanos) {
        LatestReport latest = new LatestReport(clock.instant(), FIRST_PATIENCE, nanos);
        try (Watched whole = watched) {
            settleSites(whole, threads, nanos);
            latest = look(whole, threads, clock, nanos);
            for (int tries = 1; tries < TRIES && hasTimedOut(latest.last()); tries++) {
                whole.fast().forEach(Watch::hurry);
                latest = look(whole, threads, clock, nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return latest.last();
    }

    /** There is no later cycle to tell what they answer: each is waited for, and one that is slow is asked again. */
    private static void settleSites(Watched whole, Executor threads, LongSupplier nanos) {
        for (int tries = 0; tries < TRIES; tries++) {
            List<Watch<?>> begun = whole.ofSites().stream()
                    .filter(watch -> watch.start(nanos.getAsLong(), threads, () -> {}))
                    .toList();
            List<Watch<?>> late =
                    begun.stream().filter(watch -> isLate(watch.settled())).toList();
            late.forEach(Watch::hurry);
        }
    }

    private static boolean isLate(Reading<?> reading) {
        return reading instanceof Reading.Unknown<?> unknown && unknown.cause() == Reading.Cause.TIMEOUT;
    }

    /** Without a report before, against which it could be held. */
    private static LatestReport look(Watched watched, Executor threads, InstantSource clock, LongSupplier nanos)
            throws InterruptedException {
        LatestReport latest = new LatestReport(clock.instant(), FIRST_PATIENCE, nanos);
        new Cycle(watched, latest, (before, now) -> {}, threads, clock, nanos).once(true);
        return latest;
    }

    /** Asks for a cycle at once, with the fast probes run anew; from any thread. */
    public void wake() {
        hurry.set(true);
        wakes.release();
    }

    /**
     * Watches something else from the next cycle on, and closes what was watched before.
     *
     * @return done with the first report on it; cancelled where another replacement, or the end, comes first
     */
    public CompletableFuture<Void> replace(Watched next) {
        CompletableFuture<Void> reported = new CompletableFuture<>();
        abandon(replacement.getAndSet(new Replacement(next, reported)));
        wake();
        if (closed) {
            abandon(replacement.getAndSet(null));
        }
        return reported;
    }

    private static void abandon(@Nullable Replacement skipped) {
        if (skipped != null) {
            skipped.watched().close();
            skipped.reported().cancel(false);
        }
    }

    /** Runs cycles until {@link #close} or an interrupt. */
    public void run() {
        boolean first = true;
        try {
            while (!closed) {
                Replacement next = replacement.getAndSet(null);
                if (next != null) {
                    watched.close();
                    watched = next.watched();
                    fast = watched.fast();
                    slow = watched.slow();
                    ofSites = watched.ofSites();
                }
                once(first || next != null);
                first = false;
                if (next != null) {
                    next.reported().complete(null);
                }
                if (wakes.tryAcquire(nanosUntilNext(), TimeUnit.NANOSECONDS)) {
                    wakes.drainPermits();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            closed = true;
            watched.close();
            abandon(replacement.getAndSet(null));
        }
    }

    /**
     * One cycle.
     *
     * @param complete whether to wait for the slow probes as well, and longer
     */
    void once(boolean complete) throws InterruptedException {
        long startedAt = nanos.getAsLong();
        Report before = latest.last();
        if (hurry.getAndSet(false)) {
            fast.forEach(Watch::hurry);
        }
        List<Watch<?>> fastBegun = start(fast, startedAt, watch -> true);
        // What of the slow pace comes too late is told by the next cycle: within a pulse.
        List<Watch<?>> slowBegun = start(slow, startedAt, Watch::isHurried);
        List<Watch<?>> sitesBegun = start(ofSites, startedAt, Watch::isHurried);
        Duration patience = complete ? FIRST_PATIENCE : PATIENCE;
        await(fastBegun, patience);
        await(slowBegun, patience.minusNanos(nanos.getAsLong() - startedAt));
        if (complete) {
            await(sitesBegun, SITES_PATIENCE.minusNanos(nanos.getAsLong() - startedAt));
        }
        wakes.drainPermits();
        Report now = watched.checkup().examine(watched.snapshot(clock.instant()), before);
        if (!complete && isTurned(before.snapshot(), now.snapshot())) {
            slow.forEach(Watch::hurry);
        }
        latest.publish(now, nanos.getAsLong() - startedAt);
        listener.published(before, now);
    }

    /**
     * Those that begin a run now. One that still hangs in an earlier run is not waited for a second time.
     *
     * @param awaited whether a cycle is to come as soon as the run is over
     */
    private List<Watch<?>> start(List<Watch<?>> watches, long now, Predicate<Watch<?>> awaited) {
        List<Watch<?>> begun = new ArrayList<>(0);
        for (Watch<?> watch : watches) {
            if (watch.start(now, threads, awaited.test(watch) ? wakes::release : () -> {})) {
                begun.add(watch);
            }
        }
        return begun;
    }

    private static void await(List<Watch<?>> watches, Duration patience) throws InterruptedException {
        if (watches.isEmpty()) {
            return;
        }
        CompletableFuture<?>[] runs = watches.stream().map(Watch::run).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(runs).get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // The reading itself says what is missing.
        }
    }

    /** Whether a server came, went or changed: what is read slowly is then read anew. */
    private static boolean isTurned(Snapshot before, Snapshot now) {
        if (before.instances().size() != now.instances().size()) {
            return true;
        }
        for (int i = 0; i < now.instances().size(); i++) {
            InstanceState was = before.instances().get(i);
            InstanceState is = now.instances().get(i);
            if (!was.name().equals(is.name()) || outcome(was) != outcome(is) || mainPid(was) != mainPid(is)) {
                return true;
            }
        }
        return false;
    }

    private static Ping.@Nullable Outcome outcome(InstanceState instance) {
        return instance.ping() instanceof Reading.Known<Ping> known
                ? known.value().outcome()
                : null;
    }

    private static long mainPid(InstanceState instance) {
        return instance.unit().isPresent() && instance.unit().get() instanceof Reading.Known<UnitState> known
                ? known.value().mainPid()
                : -1;
    }

    private long nanosUntilNext() {
        if (closed || hurry.get() || replacement.get() != null) {
            return 0; // it came while this cycle was under way, which has used up its permit
        }
        Report last = latest.last();
        boolean settled = !last.isRecovering();
        for (InstanceState instance : last.snapshot().instances()) {
            settled &= !isSilent(instance);
        }
        long next = Math.min(untilDue(fast), untilDue(slow));
        if (!settled && RETRY.toNanos() < next) {
            fast.forEach(Watch::hurry);
            next = RETRY.toNanos();
        }
        return Math.max(0, next);
    }

    /** Until the first of these is due that is not under way, at most a pulse. */
    private static long untilDue(List<Watch<?>> watches) {
        long next = PULSE.toNanos();
        for (Watch<?> watch : watches) {
            if (watch.run().isDone()) {
                next = Math.min(next, watch.nanosUntilDue());
            }
        }
        return next;
    }

    private static boolean hasTimedOut(Report report) {
        return report.snapshot().instances().stream()
                .flatMap(instance -> instance.ping().optional().stream())
                .anyMatch(ping -> ping.outcome() == Ping.Outcome.TIMEOUT);
    }

    /** Known to be silent: what cannot be asked at all is not asked more often for it. */
    private static boolean isSilent(InstanceState instance) {
        return instance.ping() instanceof Reading.Known<Ping> known
                && known.value().isSilent();
    }

    /** Ends the loop after the cycle that is under way; the thread that runs it closes what is watched. */
    @Override
    public void close() {
        closed = true;
        wakes.release();
    }
}
