package dev.rediswarden.metrics;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.OwnProcess;
import dev.rediswarden.snapshot.Reading;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Everything that {@code GET /metrics} shows. */
public final class Metrics {

    /** @param of kind, instance, check and status of each result in turn */
    private record Statuses(@Nullable Report report, List<?> of) {}

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** Nearly all of an answer, and replaced each ten seconds. */
    private final Page servers = new Page();

    /** Of many servers a good part of the rest, and replaced where a status has changed. */
    private final Page checks = new Page();

    /** Replaced by each cycle. */
    private final Page verdicts = new Page();

    private volatile Statuses statuses = new Statuses(null, List.of());

    private final Supplier<Report> reports;
    private final Supplier<Reading<OwnProcess>> own;
    private final Labels build;
    private final LongSupplier cycles;
    private final Supplier<Duration> timeInCycles;
    private final List<Supplier<List<Figure>>> more;

    /**
     * Prepares the families.
     *
     * @param own what this process takes, read a short while ago
     * @param cycles how many were completed, and how long they took together
     * @param age of the latest report
     * @param planned how many changes of the host are waiting to be made
     * @param more of what is configured; a list is replaced and never changed
     * @param build labels of {@code redis_warden_build_info}: names and values in turn
     */
    public Metrics(
            Supplier<Report> reports,
            Supplier<Reading<OwnProcess>> own,
            LongSupplier cycles,
            Supplier<Duration> timeInCycles,
            Supplier<Duration> age,
            IntSupplier planned,
            List<Supplier<List<Figure>>> more,
            String... build) {
        this.reports = reports;
        this.own = own;
        this.build = Labels.of(build);
        this.cycles = cycles;
        this.timeInCycles = timeInCycles;
        this.more = List.copyOf(more);
        // Of this, since the registry holds it weakly and goes on telling the last value of what is gone.
        FunctionTimer.builder(
                        "redis.warden.cycle",
                        this,
                        metrics -> metrics.cycles.getAsLong(),
                        metrics -> metrics.timeInCycles.get().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("Time that cycles took, from the first probe to the report")
                .register(registry);
        Gauge.builder("redis.warden.report.age", () -> age.get().toNanos() / 1e9)
                .baseUnit("seconds")
                .description("Age of the latest report")
                .register(registry);
        Gauge.builder("redis.warden.plan.actions", planned::getAsInt)
                .description("Changes of the host that are waiting to be made")
                .register(registry);
    }

    /** The content type that answers an Accept header: OpenMetrics where it is named and liked no less, else Prometheus text. */
    public String contentType(String accept) {
        double openMetrics = Accepted.quality(accept, "application/openmetrics-text");
        return accept.contains("openmetrics-text")
                        && openMetrics > 0
                        && openMetrics >= Accepted.quality(accept, "text/plain")
                ? OpenMetricsTextFormatWriter.CONTENT_TYPE
                : PrometheusTextFormatWriter.CONTENT_TYPE;
    }

    /**
     * What there is to tell, in parts that follow one another.
     *
     * @param contentType one of those that {@link #contentType} returns
     */
    public List<byte[]> scrape(String contentType) {
        Report report = reports.get();
        List<Object> readings = new ArrayList<>();
        readings.add(report.isCurrent());
        report.snapshot().instances().forEach(instance -> readings.add(instance.server()));
        byte[] said = servers.text(contentType, readings, () -> ReportFamilies.servers(report, build));
        byte[] passed = checks.text(contentType, statuses(report), () -> ReportFamilies.checks(report));
        Reading<OwnProcess> process = own.get();
        List<Object> sources = new ArrayList<>(List.of(report, process));
        List<List<Figure>> figures = more.stream().map(Supplier::get).toList();
        sources.addAll(figures);
        byte[] judged = verdicts.text(contentType, sources, () -> {
            Samples samples = ReportFamilies.verdicts(report, process, build);
            figures.forEach(some -> some.forEach(figure -> figure.add(samples)));
            return samples;
        });
        return List.of(said, passed, judged, registry.scrape(contentType).getBytes(StandardCharsets.UTF_8));
    }

    /** Gathered once for each report, not for each scrape. */
    @SuppressWarnings("ReferenceEquality")
    private List<?> statuses(Report report) {
        Statuses last = statuses;
        if (last.report() != report) {
            List<Object> of = new ArrayList<>(4 * report.results().size());
            for (CheckResult result : report.results()) {
                of.add(result.kind());
                of.add(result.instance());
                of.add(result.check());
                of.add(result.status());
            }
            last = new Statuses(report, of);
            statuses = last;
        }
        return last.of();
    }
}
