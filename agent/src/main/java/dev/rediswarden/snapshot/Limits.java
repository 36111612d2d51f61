package dev.rediswarden.snapshot;

import java.time.Duration;

/**
 * Where a check of one server begins to mind.
 *
 * @param memory share of maxmemory above which it is degraded
 * @param memoryFull share of maxmemory above which it is unhealthy where nothing may be evicted
 * @param fragmentation ratio of resident to used memory
 * @param clients share of maxclients
 * @param pingP99 what the p99 of PING may be
 * @param fork how long a fork may stop the server
 * @param slowCommands how many commands within ten minutes may be slow enough for the slow log
 * @param queueStall for how long nothing need be taken from a queue that holds tasks
 */
public record Limits(
        double memory,
        double memoryFull,
        double fragmentation,
        double clients,
        Duration pingP99,
        Duration fork,
        long slowCommands,
        Duration queueStall) {

    /** What a configuration that says nothing means. */
    public static final Limits STANDARD =
            new Limits(0.90, 0.98, 1.5, 0.80, Duration.ofMillis(100), Duration.ofSeconds(1), 10, Duration.ofMinutes(5));
}
