package dev.rediswarden.snapshot;

import java.util.Optional;

/**
 * Reads one part of the world. A probe never throws: what goes wrong is {@link Reading.Unknown} with its cause. It
 * may block for as long as its own timeouts allow; it is never called twice at a time, but by changing threads.
 */
public interface Probe<T> extends AutoCloseable {

    /** What it reads, for an operator: {@code "PING of main"}. */
    String name();

    Reading<T> read();

    /**
     * What {@link #read} would find, where that is known without waiting for anything: it takes no thread then. Called by
     * the cycle, never while a reading is under way.
     */
    default Optional<Reading<T>> atHand() {
        return Optional.empty();
    }

    @Override
    default void close() {}
}
