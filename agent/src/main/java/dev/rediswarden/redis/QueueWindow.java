package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Since when nothing was taken from a queue that holds tasks, while nobody waited for one. */
final class QueueWindow {

    private record Key(int database, String name) {}

    /** The last look at which all was well, and every one since has found at least as many. */
    private record Stall(long since, long from, long last) {}

    private final Map<Key, Stall> stalls = new HashMap<>();

    /**
     * Takes note of a queue.
     *
     * @param waiting clients that wait just now for a task
     * @param now nanoseconds of a monotonic clock
     */
    Queue observe(int database, String name, long length, long waiting, Optional<Instant> oldestDelivered, long now) {
        Stall stall = stalls.merge(
                new Key(database, name),
                new Stall(now, length, length),
                (before, here) -> length == 0 || waiting > 0 || length < before.last()
                        ? here
                        : new Stall(before.since(), before.from(), length));
        return new Queue(
                database,
                name,
                length,
                length - stall.from(),
                Duration.ofNanos(now - stall.since()),
                waiting,
                oldestDelivered);
    }

    /** Those of other databases are empty now. */
    void keep(List<Integer> databases) {
        stalls.keySet().removeIf(key -> !databases.contains(key.database()));
    }

    /** Another server's queues are others. */
    void clear() {
        stalls.clear();
    }
}
