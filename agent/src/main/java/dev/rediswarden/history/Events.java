package dev.rediswarden.history;

import java.time.Instant;
import java.util.List;

/** What has happened. Each look reads files, in bounded time and memory. */
public interface Events {

    /** Where none are kept. */
    Events NONE = (from, atMost) -> List.of();

    /**
     * The newest first.
     *
     * @param from those before are not told
     */
    List<Event> since(Instant from, int atMost);

    default List<Event> newest(int atMost) {
        return since(Instant.MIN, atMost);
    }
}
