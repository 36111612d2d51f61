package dev.rediswarden.metrics;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import io.prometheus.metrics.model.snapshots.Labels;

/**
 * What systemd knows of the unit that runs a Redis, by the name of that Redis: what {@code systemd_unit_state} does not
 * tell, and the way to it.
 */
final class InstanceFamilies {

    private InstanceFamilies() {}

    /** None where the report is no longer current. */
    static void add(Samples samples, Report report) {
        if (report.isCurrent()) {
            report.snapshot()
                    .instances()
                    .forEach(instance -> instance.unit()
                            .flatMap(Reading::optional)
                            .ifPresent(unit -> unit(samples, instance.name(), unit)));
        }
    }

    private static void unit(Samples samples, String redis, UnitState unit) {
        Labels labels = Labels.of("redis", redis);
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
