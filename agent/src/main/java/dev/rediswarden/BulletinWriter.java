package dev.rediswarden;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.metrics.Figure;
import dev.rediswarden.notify.Backlog;
import dev.rediswarden.notify.Bulletin;
import dev.rediswarden.notify.Spool;
import dev.rediswarden.notify.Standing;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Spools what is to be told to receivers, where some are configured: a bulletin when a status has changed. On a thread
 * of the probes, one write at a time and in order, so that a disk that hangs holds up no cycle. Has the deliverer started
 * again when something that it left is due.
 */
final class BulletinWriter {

    private static final long LOOK = Duration.ofSeconds(10).toNanos();

    /** What was never known is not held against the whole for as long: a start reads one thing after the other. */
    private static final long SETTLING = Duration.ofSeconds(30).toNanos();

    /** A disk that cannot be written for as many changes gets the newest. */
    private static final int MOST = 1000;

    private final Spool spool;
    private final String host;
    private final List<String> receivers;
    private final Executor threads;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final long startedAt;
    private final Deque<Bulletin> waiting = new ArrayDeque<>();
    private boolean working;
    private boolean settled;
    private long lookedAt;
    private boolean begun;
    private volatile List<Figure> figures = List.of();

    // Of the thread that writes.
    private @Nullable Bulletin written;
    private boolean failing;

    BulletinWriter(
            Spool spool,
            String host,
            List<String> receivers,
            Executor threads,
            InstantSource clock,
            LongSupplier nanos) {
        this.spool = spool;
        this.host = host;
        this.receivers = receivers;
        this.threads = threads;
        this.clock = clock;
        this.nanos = nanos;
        this.startedAt = nanos.getAsLong();
        this.lookedAt = startedAt;
    }

    /** Called by the cycle, after each. */
    void published(Report before, Report now) {
        boolean changed = !begun || SinceWriter.isChanged(before.results(), now.results());
        begun = true;
        if (!settled && nanos.getAsLong() - startedAt >= SETTLING) {
            settled = true;
            changed = true;
        }
        boolean look = nanos.getAsLong() - lookedAt >= LOOK;
        if (changed || look) {
            lookedAt = nanos.getAsLong();
            hand(changed ? bulletin(now) : null);
        }
    }

    /** How delivery stood ten seconds ago at most. */
    List<Figure> figures() {
        return figures;
    }

    private void hand(@Nullable Bulletin bulletin) {
        synchronized (waiting) {
            if (bulletin != null) {
                waiting.add(bulletin);
            }
            if (waiting.size() > MOST) {
                waiting.remove();
            }
            if (working) {
                return;
            }
            working = true;
        }
        try {
            threads.execute(this::work);
        } catch (RejectedExecutionException e) {
            // The agent ends; the next one sees what has changed.
            Logger.debug(e, "not spooled");
        }
    }

    private Bulletin bulletin(Report report) {
        List<Standing> standings = new ArrayList<>();
        Status worst = Status.OK;
        Instant at = report.snapshot().takenAt();
        for (CheckResult result : report.results()) {
            boolean early = !settled
                    && result.status() == Status.UNKNOWN
                    && !result.course().known();
            Status status = early ? Status.OK : result.status();
            worst = worst.worse(status);
            standings.add(new Standing(
                    report.key(result),
                    status,
                    result.since(),
                    result.verdict().detail(),
                    result.verdict().remedy().orElse("")));
        }
        // As Health has it: what is unknown makes the whole degraded.
        Status overall = worst == Status.UNKNOWN ? Status.DEGRADED : worst;
        standings.add(0, new Standing(Standing.OVERALL, overall, at, report.summary(), ""));
        return new Bulletin(0, at, host, standings);
    }

    private void work() {
        try {
            wakeWhereDue();
            for (Bulletin next = next(); next != null; next = next()) {
                write(next);
                taken(next);
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                Logger.error("{} cannot be written ({}): nobody is notified", spool.directory(), e.toString());
            }
            failing = true;
            synchronized (waiting) {
                working = false; // what waits is tried again with the next look
            }
        }
    }

    private @Nullable Bulletin next() {
        synchronized (waiting) {
            working = !waiting.isEmpty();
            return waiting.peek();
        }
    }

    /** It stays in its place until it is written. */
    @SuppressWarnings("ReferenceEquality")
    private void taken(Bulletin bulletin) {
        synchronized (waiting) {
            if (waiting.peek() == bulletin) {
                waiting.remove();
            }
        }
    }

    private void write(Bulletin bulletin) throws IOException {
        if (written == null) {
            // What has changed while no agent ran is told; what has not is not told again.
            spool.make();
            spool.wake();
            written = spool.newest().orElse(null);
        }
        if (written == null || !written.isSameAs(bulletin)) {
            written = spool.add(bulletin);
        }
    }

    private void wakeWhereDue() throws IOException {
        Backlog left = Backlog.read(spool);
        if (left.isDue(clock.instant())) {
            spool.wake();
        }
        figures = DeliveryFigures.of(receivers, left, spool.untaken());
    }
}
