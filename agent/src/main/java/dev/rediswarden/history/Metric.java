package dev.rediswarden.history;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A figure that is kept of every server. Their order is that of the files: a new one comes last. */
public enum Metric {
    /** The average of the PINGs that were answered. */
    PING("ping_seconds", "seconds"),
    PING_MAX("ping_max_seconds", "seconds"),
    /** What 99 of 100 of the last answers stayed within. */
    PING_P99("ping_p99_seconds", "seconds"),
    MEMORY_USED("memory_used_bytes", "bytes"),
    MEMORY_RSS("memory_rss_bytes", "bytes"),
    /** 0 where memory has no limit. */
    MEMORY_MAX("memory_max_bytes", "bytes"),
    CLIENTS("clients", "clients"),
    COMMANDS("commands_per_second", "commands/s"),
    EVICTIONS("evictions_per_second", "keys/s"),
    /** Of the keys that were asked for, how many were there; unknown while none is asked for. */
    HIT_RATE("hit_rate", "ratio"),
    /** Tasks that wait in all queues of Celery's. */
    QUEUE_LENGTH("queue_length", "tasks"),
    /** Clients that wait for a task. */
    QUEUE_WAITING("queue_waiting", "clients"),
    /** The worst of the server's checks: 0 ok, 1 degraded or unknown, 2 unhealthy. */
    HEALTH("health", "status"),
    /** Of the file system that the server's data is on. */
    DISK_FREE("disk_free_bytes", "bytes");

    private static final List<Metric> ALL = List.of(values());

    private final String key;
    private final String unit;

    Metric(String key, String unit) {
        this.key = key;
        this.unit = unit;
    }

    /** Its name in files and answers: {@code memory_used_bytes}. */
    public String key() {
        return key;
    }

    public String unit() {
        return unit;
    }

    /** Which of a record's values it is. */
    int place() {
        return ALL.indexOf(this);
    }

    public static List<Metric> all() {
        return ALL;
    }

    public static Optional<Metric> of(String key) {
        return Arrays.stream(values()).filter(metric -> metric.key.equals(key)).findFirst();
    }
}
