package dev.rediswarden.metrics;

import dev.rediswarden.snapshot.Exchange;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading.Cause;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What redis_exporter tells of its own asking, told of ours: a scrape of it is a slow cycle here. */
final class ExporterFamilies {

    private ExporterFamilies() {}

    static void add(Samples samples, List<InstanceState> instances, Labels build) {
        if (instances.isEmpty()) {
            return;
        }
        for (InstanceState instance : instances) {
            Labels labels = RedisFamilies.label(instance.name(), instances.size() > 1);
            instance.server()
                    .fold(
                            server -> asked(samples, server.exchange(), labels),
                            unknown -> error(samples, labels, word(unknown.cause())));
        }
        // It has two more ways to be asked, which are not taken here: its dashboards are to find no gap.
        samples.counter(
                "redis_target_scrape_request_errors_total",
                "Requests to /scrape that failed: there is no such page",
                Labels.EMPTY,
                0);
        samples.gauge(
                "redis_last_key_groups_scrape_duration_milliseconds",
                "Time to count groups of keys, which is never done",
                Labels.EMPTY,
                0);
        samples.gauge(
                "redis_exporter_build_info",
                "What stands in for redis_exporter",
                Labels.of(
                        "build_date",
                        "",
                        "commit_sha",
                        build.get("git_sha"),
                        "golang_version",
                        "",
                        "version",
                        build.get("version")),
                1);
    }

    /** The server has not been asked yet: nothing went wrong. */
    private static String word(Cause cause) {
        return cause == Cause.NOT_READ ? "" : cause.name().toLowerCase(Locale.ROOT);
    }

    /** @return true, so that it fits a fold */
    private static boolean error(Samples samples, Labels labels, String cause) {
        samples.gauge(
                "redis_exporter_last_scrape_error",
                "Whether INFO was not answered, and why",
                labels.add("err", cause),
                cause.isEmpty() ? 0 : 1);
        return true;
    }

    private static boolean asked(Samples samples, Exchange exchange, Labels labels) {
        samples.gauge(
                "redis_exporter_last_scrape_connect_time_seconds",
                "Time to make the connection that is used",
                labels,
                seconds(exchange.connecting()));
        samples.gauge(
                "redis_exporter_last_scrape_duration_seconds",
                "Time of the last questions to Redis",
                labels,
                seconds(exchange.last()));
        samples.summary(
                "redis_exporter_scrape_duration_seconds",
                "Time of questions to Redis",
                labels,
                Map.of(),
                seconds(exchange.inAll()),
                (double) exchange.times());
        samples.counter("redis_exporter_scrapes_total", "How often Redis was asked", labels, (double) exchange.times());
        return error(samples, labels, "");
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
