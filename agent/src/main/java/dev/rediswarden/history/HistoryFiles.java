package dev.rediswarden.history;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** Reads the rings of a directory. */
public final class HistoryFiles implements History {

    private final Path directory;
    private final InstantSource clock;
    private final Turnstile turnstile;

    public HistoryFiles(Path directory, InstantSource clock, Turnstile turnstile) {
        this.directory = directory;
        this.clock = clock;
        this.turnstile = turnstile;
    }

    @Override
    public List<Series> series(String redis, List<Metric> metrics, Range range, int atMost) {
        return turnstile.pass(
                () -> InstanceRings.in(directory, redis)
                        .series(metrics, range, atMost, clock.instant().getEpochSecond()),
                List.of());
    }
}
