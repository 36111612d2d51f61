package dev.rediswarden.metrics;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Health;
import dev.rediswarden.check.Kind;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Forecast;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.OwnProcess;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Stewardship;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Instant;
import java.util.List;

/** The families drawn from a report; what is unknown has no sample. */
final class ReportFamilies {

    private ReportFamilies() {}

    /** What each check says. */
    static Samples checks(Report report) {
        Samples samples = new Samples();
        report.results().forEach(result -> check(samples, result));
        return samples;
    }

    /** What they make of the whole, and what was done about it. */
    static Samples verdicts(Report report, Reading<OwnProcess> process, Labels build) {
        Samples samples = new Samples();
        health(samples, report);
        boolean several = report.snapshot().instances().size() > 1;
        if (report.isCurrent()) {
            for (InstanceState instance : report.snapshot().instances()) {
                RedisFamilies.addUp(samples, instance, RedisFamilies.label(instance.name(), several));
                instance.forecast()
                        .optional()
                        .ifPresent(
                                forecast -> forecast(samples, forecast, RedisFamilies.label(instance.name(), several)));
            }
        }
        report.snapshot()
                .stewardship()
                .optional()
                .ifPresent(steward ->
                        stewardship(samples, steward, report.snapshot().takenAt()));
        process.optional().ifPresent(own -> ProcessFamilies.add(samples, own));
        UnitFamilies.add(samples, report);
        InstanceFamilies.add(samples, report);
        ServiceFamilies.add(samples, report);
        samples.info("redis_warden_build_info", "What redis-warden was built from", build);
        return samples;
    }

    /** What INFO and CONFIG say of every instance; none where the report is no longer current. */
    static Samples servers(Report report, Labels build) {
        Samples samples = new Samples();
        List<InstanceState> instances = report.isCurrent() ? report.snapshot().instances() : List.of();
        for (InstanceState instance : instances) {
            RedisFamilies.addServer(samples, instance, RedisFamilies.label(instance.name(), instances.size() > 1));
        }
        ExporterFamilies.add(samples, instances, build);
        return samples;
    }

    /** Of what runs out alone. */
    private static void forecast(Samples samples, Forecast forecast, Labels labels) {
        forecast.memory().ifPresent(trend -> forecast(samples, trend, labels.add("resource", "memory")));
        forecast.disk().ifPresent(trend -> forecast(samples, trend, labels.add("resource", "disk")));
    }

    private static void forecast(Samples samples, Forecast.Trend trend, Labels labels) {
        samples.gauge(
                "redis_warden_forecast_seconds",
                "Until memory reaches its limit, or the disk is full, at the rate of the last hours",
                labels,
                (double) trend.left().toSeconds());
    }

    private static void health(Samples samples, Report report) {
        for (Health health : Health.values()) {
            samples.gauge(
                    "redis_warden_health",
                    "The overall status: 1 for the current one, 0 for the others",
                    Labels.of("status", health.word()),
                    health == report.health() ? 1 : 0);
        }
    }

    private static void stewardship(Samples samples, Stewardship steward, Instant now) {
        samples.gauge(
                "redis_warden_paused",
                "Whether a person has paused what redis-warden does by itself",
                Labels.EMPTY,
                steward.pausedAt(now).isPresent() ? 1 : 0);
        for (String result : List.of("done", "failed", "refused")) {
            samples.counter(
                    "redis_warden_actions_total",
                    "Changes of the host since its boot, by their result",
                    Labels.of("result", result),
                    steward.actions().getOrDefault(result, 0L));
        }
        steward.budget()
                .forEach((unit, left) -> samples.gauge(
                        "redis_warden_restart_budget",
                        "How often a failed unit would be started again",
                        Labels.of("unit", unit),
                        left));
    }

    /** A site is no Redis: who sums over those counts none of these. */
    private static void check(Samples samples, CheckResult result) {
        boolean site = result.kind() == Kind.SITE;
        for (Status status : Status.values()) {
            samples.gauge(
                    site ? "redis_warden_site" : "redis_warden_check",
                    (site ? "A site's" : "A check's") + " status: 1 for the current one, 0 for the others",
                    Labels.of(
                            site ? "site" : "redis",
                            result.instance(),
                            "check",
                            result.check(),
                            "status",
                            status.word()),
                    status == result.status() ? 1 : 0);
        }
    }
}
