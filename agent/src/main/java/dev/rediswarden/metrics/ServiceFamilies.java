package dev.rediswarden.metrics;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmState;
import io.prometheus.metrics.model.snapshots.Labels;

/** What is known of the Swarm services that run a Redis. */
final class ServiceFamilies {

    private ServiceFamilies() {}

    /** None where the report is no longer current, or Docker did not answer. */
    static void add(Samples samples, Report report) {
        if (report.isCurrent()) {
            report.snapshot()
                    .instances()
                    .forEach(instance -> instance.swarm()
                            .flatMap(SwarmState::known)
                            .ifPresent(service -> add(samples, service, labels(instance, service))));
        }
    }

    private static Labels labels(InstanceState instance, SwarmService service) {
        return Labels.of("redis", instance.name(), "name", service.name());
    }

    private static void add(Samples samples, SwarmService service, Labels labels) {
        service.replicas()
                .ifPresent(wanted -> samples.gauge(
                        "redis_warden_service_wanted",
                        "How many tasks a Swarm is to run of a Redis; one is right",
                        labels,
                        (double) wanted));
        samples.gauge("redis_warden_service_running", "How many tasks a Swarm runs of a Redis", labels, (double)
                service.running().size());
        samples.gauge(
                "redis_warden_service_failed",
                "Tasks of a Redis that failed, of those that the Swarm remembers",
                labels,
                (double) service.failed().size());
    }
}
