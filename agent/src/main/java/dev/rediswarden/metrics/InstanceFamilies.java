package dev.rediswarden.metrics;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * What is known of a Redis and not from its INFO: how soon it answers, and of the unit that runs it what
 * {@code systemd_unit_state} does not tell, and the way to it.
 */
final class InstanceFamilies {

    private InstanceFamilies() {}

    /** None where the report is no longer current. */
    static void add(Samples samples, Report report) {
        if (report.isCurrent()) {
            report.snapshot().instances().forEach(instance -> add(samples, instance));
        }
    }

    private static void add(Samples samples, InstanceState instance) {
        Labels labels = Labels.of("redis", instance.name());
        instance.ping()
                .optional()
                .filter(ping -> !ping.isSilent())
                .ifPresent(ping -> samples.gauge(
                        "redis_warden_ping_seconds",
                        "Time from the last PING to its answer",
                        labels,
                        ping.latency().toNanos() / 1e9));
        instance.unit().flatMap(Reading::optional).ifPresent(unit -> add(samples, unit, labels));
    }

    private static void add(Samples samples, UnitState unit, Labels labels) {
        samples.info("redis_warden_unit_info", "The unit that runs a Redis", labels.add("name", unit.id()));
        samples.gauge(
                "redis_warden_unit_restarts",
                "How often systemd restarted it by itself within ten minutes",
                labels,
                (double) unit.restartsInWindow());
        samples.gauge(
                "redis_warden_unit_starts_at_boot",
                "Whether the next boot starts it",
                labels,
                unit.startsAtBoot() ? 1 : 0);
    }
}
