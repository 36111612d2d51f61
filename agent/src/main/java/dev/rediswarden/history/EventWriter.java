package dev.rediswarden.history;

import dev.rediswarden.check.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.tinylog.Logger;

/**
 * Follows the cycle, and has written what happens: on a thread of the probes, one write at a time. What happens while a
 * disk hangs waits for it, up to a bound.
 */
public final class EventWriter {

    private static final int MOST_WAITING = 500;

    private final EventLog log;
    private final Executor threads;
    private final Incidents incidents = new Incidents();
    private final List<Event> waiting = new ArrayList<>(0);
    private boolean writing;
    private boolean failing;

    public EventWriter(EventLog log, Executor threads) {
        this.log = log;
        this.threads = threads;
    }

    /** Called by the cycle, after each. */
    public void published(Report before, Report now) {
        List<Event> events = incidents.between(before, now);
        if (!events.isEmpty()) {
            write(events);
        }
    }

    /** Has them written, soon. */
    public void write(List<Event> events) {
        synchronized (waiting) {
            for (Event event : events) {
                if (waiting.size() < MOST_WAITING) {
                    waiting.add(event);
                }
            }
            if (writing || waiting.isEmpty()) {
                return;
            }
            writing = true;
        }
        try {
            threads.execute(this::writeAll);
        } catch (RejectedExecutionException e) {
            synchronized (waiting) {
                writing = false; // the agent ends
            }
        }
    }

    private void writeAll() {
        while (true) {
            List<Event> next;
            synchronized (waiting) {
                next = List.copyOf(waiting);
                waiting.clear();
                if (next.isEmpty()) {
                    writing = false;
                    return;
                }
            }
            append(next);
        }
    }

    private void append(List<Event> events) {
        try {
            if (!Files.isDirectory(log.file().resolveSibling("."))) {
                Files.createDirectory(
                        log.file().resolveSibling(".").normalize(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
            }
            log.append(events);
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                Logger.warn("{} cannot be written ({}): what happens now will not be in it", log.file(), e.toString());
            }
            failing = true;
        }
    }
}
