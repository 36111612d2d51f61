package dev.rediswarden.history;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.InstanceState;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Follows the cycle, and has the figures of each step written when it is over: on a thread of the probes, one write at a
 * time. A step that ends while the disk still hangs with an earlier one is left out.
 */
public final class Recorder {

    private final RingWriter writer;
    private final Executor threads;
    private final Map<String, Figures> figures = new HashMap<>();
    private final AtomicBoolean writing = new AtomicBoolean();
    private long step = Long.MIN_VALUE;

    public Recorder(RingWriter writer, Executor threads) {
        this.writer = writer;
        this.threads = threads;
    }

    /** Called by the cycle, after each. */
    public void published(Report now) {
        long at = now.snapshot().takenAt().getEpochSecond();
        long current = RingShape.DAY.index(at);
        if (current != step && step != Long.MIN_VALUE) {
            end(now, step, at);
        }
        step = current;
        for (InstanceState instance : now.snapshot().instances()) {
            figures.computeIfAbsent(instance.name(), name -> new Figures()).observe(instance, now);
        }
    }

    /** The readings are those at the step's end; what was seen in each second is of the step alone. */
    private void end(Report now, long ended, long at) {
        Map<String, float[]> values = new LinkedHashMap<>();
        for (InstanceState instance : now.snapshot().instances()) {
            Figures of = figures.get(instance.name());
            if (of != null) {
                values.put(instance.name(), of.end(instance));
            }
        }
        figures.keySet().retainAll(values.keySet());
        if (!values.isEmpty() && writing.compareAndSet(false, true)) {
            try {
                threads.execute(() -> {
                    try {
                        writer.write(ended, at, values);
                    } finally {
                        writing.set(false);
                    }
                });
            } catch (RejectedExecutionException e) {
                writing.set(false); // the agent ends
            }
        }
    }
}
