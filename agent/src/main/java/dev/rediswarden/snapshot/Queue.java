package dev.rediswarden.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A queue of Celery's, as kombu keeps it: a list of waiting tasks, and a sorted set of those that were delivered and
 * not acknowledged ({@code unacked_index}).
 *
 * @param length tasks that wait
 * @param grownBy tasks that were added within the window and not taken; 0 where one look found fewer than the one before
 * @param watched how long the window is so far
 * @param mostWaiting the most clients that were blocked at one look of the window, waiting for a task or something else
 * @param oldestDelivered when the oldest task was delivered that is not acknowledged; of the database's queues together
 */
public record Queue(
        int database,
        String name,
        long length,
        long grownBy,
        Duration watched,
        long mostWaiting,
        Optional<Instant> oldestDelivered) {

    public Queue {
        name = Untrusted.line(name);
    }
}
