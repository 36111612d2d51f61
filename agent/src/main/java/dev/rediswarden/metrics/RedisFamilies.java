package dev.rediswarden.metrics;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Queue;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** The {@code redis_*} families of one instance, as redis_exporter names them. */
final class RedisFamilies {

    private static final List<String> IDENTITY = List.of(
            "maxmemory_policy",
            "os",
            "process_id",
            "redis_build_id",
            "redis_mode",
            "redis_version",
            "role",
            "run_id",
            "tcp_port");
    private static final List<String> CONFIGURED = List.of("io-threads", "maxclients", "maxmemory");

    /** Outcomes in which INFO is answered, which is what redis_exporter calls up. */
    private static final Set<Ping.Outcome> SERVING =
            Set.of(Ping.Outcome.PONG, Ping.Outcome.LOADING, Ping.Outcome.MISCONF);

    /** Of which it is told that they are empty; Redis has 16 unless it is told otherwise. */
    private static final int DATABASES = 64;

    private static final Pattern DATABASE = Pattern.compile("db\\d{1,5}");

    private RedisFamilies() {}

    /** @param labels of the instance: none where it is the only one */
    static void addUp(Samples samples, InstanceState instance, Labels labels) {
        instance.ping()
                .optional()
                .ifPresent(ping -> samples.gauge(
                        "redis_up",
                        "Whether Redis answers, be it that it loads or refuses writes",
                        labels,
                        SERVING.contains(ping.outcome()) ? 1 : 0));
    }

    /** What INFO and CONFIG tell. */
    static void addServer(Samples samples, InstanceState instance, Labels labels) {
        instance.server().optional().ifPresent(server -> {
            info(samples, server.info(), labels);
            CommandFamilies.add(samples, server, labels);
            server.config().optional().ifPresent(config -> configured(samples, config, labels));
            server.config().optional().ifPresent(config -> empty(samples, config, server.info(), labels));
            server.inspection()
                    .keys()
                    .optional()
                    .ifPresent(keys -> keys.queues().forEach(queue -> queue(samples, queue, labels)));
        });
    }

    private static void info(Samples samples, Fields info, Labels labels) {
        for (InfoFamilies.Family family : InfoFamilies.ALL) {
            family.value(info).ifPresent(value -> {
                if (family.counter()) {
                    samples.counter(family.name(), family.help(), labels, value);
                } else {
                    samples.gauge(family.name(), family.help(), labels, value);
                }
            });
        }
        info.decimal("server_time_usec")
                .ifPresent(now -> info.decimal("uptime_in_seconds")
                        .ifPresent(uptime -> samples.gauge(
                                "redis_start_time_seconds",
                                "When the server started, by its own clock",
                                labels,
                                Math.floor(now / 1e6 - uptime))));
        info.values().entrySet().stream()
                .filter(entry -> DATABASE.matcher(entry.getKey()).matches())
                .sorted(Map.Entry.comparingByKey())
                .limit(DATABASES)
                .forEach(entry -> database(samples, entry.getKey(), entry.getValue(), labels));
        samples.info("redis_instance_info", "What the server is", identity(info, labels));
    }

    /** By names that the configuration has. */
    private static void queue(Samples samples, Queue queue, Labels labels) {
        Labels of = labels.add("db", "db" + queue.database()).add("queue", queue.name());
        samples.gauge(
                "redis_warden_queue_length", "Tasks that wait in a queue of Celery's", of, (double) queue.length());
        samples.gauge("redis_warden_queue_waiting_clients", "Clients that are blocked for a next task", of, (double)
                queue.waiting());
        samples.gauge(
                "redis_warden_queue_stalled_seconds",
                "For how long nothing was taken from the queue and nobody waits for a task",
                of,
                queue.length() > 0 ? queue.stalled().toNanos() / 1e9 : 0);
        queue.oldestDelivered()
                .ifPresent(at -> samples.gauge(
                        "redis_warden_queue_oldest_unacked_timestamp_seconds",
                        "When the oldest task was delivered that is not acknowledged, of all queues of the database",
                        of,
                        (double) at.getEpochSecond()));
    }

    private static Labels identity(Fields info, Labels labels) {
        Labels all = labels;
        for (String name : IDENTITY) {
            all = all.add(name, info.text(name).or(() -> byValkey(name, info)).orElse(""));
        }
        return all;
    }

    /** Valkey calls this one field otherwise. */
    private static Optional<String> byValkey(String name, Fields info) {
        return name.equals("redis_mode") ? info.text("server_mode") : Optional.empty();
    }

    /** {@code db0:keys=3,expires=1,avg_ttl=1000}. */
    private static void database(Samples samples, String name, String value, Labels labels) {
        Fields counts = parts(value);
        Labels of = labels.add("db", name);
        counts.decimal("keys").ifPresent(n -> samples.gauge("redis_db_keys", "Keys in the database", of, n));
        counts.decimal("expires")
                .ifPresent(n -> samples.gauge("redis_db_keys_expiring", "Keys with a time to live", of, n));
        counts.decimal("avg_ttl")
                .ifPresent(n -> samples.gauge("redis_db_avg_ttl_seconds", "Average time to live", of, n / 1e3));
    }

    /** INFO leaves out the databases that hold nothing; redis_exporter does not. */
    private static void empty(Samples samples, Fields config, Fields info, Labels labels) {
        long databases = Math.min(DATABASES, config.number("databases").orElse(0));
        for (int i = 0; i < databases; i++) {
            if (info.text("db" + i).isEmpty()) {
                database(samples, "db" + i, "keys=0,expires=0", labels);
            }
        }
    }

    /** {@code keys=3,expires=1}, as INFO has more than one value in a line. */
    static Fields parts(String line) {
        Map<String, String> parts = new HashMap<>();
        for (String part : line.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                parts.put(part.substring(0, equals), part.substring(equals + 1));
            }
        }
        return new Fields(parts);
    }

    private static void configured(Samples samples, Fields config, Labels labels) {
        for (String name : CONFIGURED) {
            config.decimal(name)
                    .ifPresent(value ->
                            samples.gauge("redis_config_" + name.replace('-', '_'), "CONFIG's " + name, labels, value));
        }
    }

    /** The label that tells instances apart, where there are several. */
    static Labels label(String instance, boolean several) {
        return several ? Labels.of("redis", instance) : Labels.EMPTY;
    }
}
