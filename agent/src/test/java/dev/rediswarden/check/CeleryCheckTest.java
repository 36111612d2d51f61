package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Queue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CeleryCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new CeleryCheck());
    }

    static Stream<Expected> rows() {
        return Stream.of(
                Expected.ok("no queue is ok", healthy(), "no keys of Celery"),
                Expected.ok(
                        "a queue that is consumed is ok",
                        queue(3, 0, 0, 0),
                        "3 in celery of db1, for which 1 client waits"),
                degraded("growth that nobody takes is degraded", queue(40, 30, 9, 0), "grown by 30 to 40", "celery"),
                degraded(
                        "one task that nobody takes is degraded",
                        queue(1, 0, 5, 0),
                        "never got shorter",
                        "queue_stall"),
                Expected.ok("growth that was just seen is no verdict yet", queue(40, 30, 4, 0), ""),
                Expected.ok("an empty queue that nobody waits for is ok", queue(0, 0, 9, 0), ""),
                Expected.ok("a task within the visibility timeout is ok", queue(0, 0, 9, 3600), ""),
                degraded(
                        "a task over the visibility timeout is degraded",
                        queue(0, 0, 9, 3961),
                        "delivered 66 min ago",
                        "-n 1 ZRANGE unacked_index"),
                unknown(
                        "it is unknown where not all databases were looked at",
                        healthy().with(new KnownKeys(List.of(), List.of(), List.of(), false))),
                unknown(
                        "queues that may not be asked for are unknown",
                        healthy().withKeys(Given.unknown())));
    }

    private static Given queue(long length, long grown, long minutes, long deliveredAgo) {
        Optional<Instant> delivered =
                deliveredAgo == 0 ? Optional.empty() : Optional.of(Given.NOW.minusSeconds(deliveredAgo));
        return healthy()
                .with(new KnownKeys(
                        List.of(1),
                        List.of(),
                        List.of(new Queue(1, "celery", length, grown, Duration.ofMinutes(minutes), 1, delivered)),
                        true));
    }
}
