package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The lengths of queues within the last minutes: whether one only grows, and whether anybody waits for its tasks. */
final class QueueWindow {

    private static final Duration LENGTH = Duration.ofMinutes(10);

    private record Look(long at, long length, long waiting) {}

    private record Key(int database, String name) {}

    private final Map<Key, Deque<Look>> looks = new HashMap<>();

    /**
     * Takes note of a queue.
     *
     * @param waiting clients that are blocked just now (INFO's {@code blocked_clients})
     * @param now nanoseconds of a monotonic clock
     */
    Queue observe(int database, String name, long length, long waiting, Optional<Instant> oldestDelivered, long now) {
        Deque<Look> seen = looks.computeIfAbsent(new Key(database, name), key -> new ArrayDeque<>());
        seen.addLast(new Look(now, length, waiting));
        while (now - seen.getFirst().at() > LENGTH.toNanos()) {
            seen.removeFirst();
        }
        return new Queue(
                database,
                name,
                length,
                onlyGrows(seen) ? length - seen.getFirst().length() : 0,
                Duration.ofNanos(now - seen.getFirst().at()),
                seen.stream().mapToLong(Look::waiting).max().orElse(0),
                oldestDelivered);
    }

    /** Another server's queues are others. */
    void clear() {
        looks.clear();
    }

    private static boolean onlyGrows(Deque<Look> seen) {
        long before = 0;
        for (Look look : seen) {
            if (look.length() < before) {
                return false;
            }
            before = look.length();
        }
        return true;
    }
}
