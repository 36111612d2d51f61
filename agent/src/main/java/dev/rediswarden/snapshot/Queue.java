package dev.rediswarden.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A queue of Celery's, as kombu keeps it: a list of waiting tasks, and a sorted set of those that were delivered and
 * not acknowledged ({@code unacked_index}).
 *
 * @param length tasks that wait
 * @param grownBy tasks that came within {@code stalled}
 * @param stalled for how long every look has found at least as many as the one before, and nobody who waits for one
 * @param waiting clients that wait just now for a task; of all databases where there are too many clients to tell
 * @param oldestDelivered when the oldest task was delivered that is not acknowledged; of the database's queues together
 */
public record Queue(
        int database,
        String name,
        long length,
        long grownBy,
        Duration stalled,
        long waiting,
        Optional<Instant> oldestDelivered) {

    public Queue {
        name = Untrusted.line(name);
    }
}
