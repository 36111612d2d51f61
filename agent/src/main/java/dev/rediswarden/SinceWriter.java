package dev.rediswarden;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Past;
import dev.rediswarden.check.Past.Standing;
import dev.rediswarden.check.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Keeps the file of how the checks stand, which it writes when a status has changed. On a thread of the probes, one
 * write at a time, of the newest alone: a disk that hangs holds up no cycle, and costs one thread.
 */
final class SinceWriter {

    /** In place of standings while a write is under way and nothing newer waits for it; known by its identity. */
    private static final List<Standing> NOTHING_NEWER = Collections.unmodifiableList(new ArrayList<>());

    private final SinceFile file;
    private final Executor threads;
    /** Null while no write is under way. */
    private final AtomicReference<@Nullable List<Standing>> waiting = new AtomicReference<>();

    private boolean failing;

    SinceWriter(SinceFile file, Executor threads) {
        this.file = file;
        this.threads = threads;
    }

    /** Called by the cycle, after each. */
    void published(Report before, Report now) {
        if (!isChanged(before.results(), now.results())) {
            return;
        }
        if (waiting.getAndSet(Past.of(now)) == null) {
            try {
                threads.execute(this::write);
            } catch (RejectedExecutionException e) {
                waiting.set(null); // the agent ends
            }
        }
    }

    /** Each second, and so without making anything anew. */
    static boolean isChanged(List<CheckResult> before, List<CheckResult> now) {
        if (before.size() != now.size()) {
            return true;
        }
        for (int i = 0; i < now.size(); i++) {
            CheckResult was = before.get(i);
            CheckResult is = now.get(i);
            if (!is.isOfSameAs(was)
                    || is.status() != was.status()
                    || !is.since().equals(was.since())) {
                return true;
            }
        }
        return false;
    }

    @SuppressWarnings("ReferenceEquality")
    private void write() {
        List<Standing> standings = waiting.getAndSet(NOTHING_NEWER);
        while (standings != null && standings != NOTHING_NEWER) {
            write(standings);
            standings = waiting.compareAndSet(NOTHING_NEWER, null) ? null : waiting.getAndSet(NOTHING_NEWER);
        }
    }

    private void write(List<Standing> standings) {
        try {
            file.write(standings);
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                Logger.warn(
                        "{} cannot be written ({}): each check's since begins anew at the next start",
                        file,
                        e.toString());
            }
            failing = true;
        }
    }
}
