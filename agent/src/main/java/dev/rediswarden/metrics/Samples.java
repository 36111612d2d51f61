package dev.rediswarden.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers samples into families, whatever the order in which instances and checks bring them. */
final class Samples {

    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private final Map<String, GaugeSnapshot.Builder> gauges = new LinkedHashMap<>();
    private final Map<String, CounterSnapshot.Builder> counters = new LinkedHashMap<>();
    private final Map<String, InfoSnapshot.Builder> infos = new LinkedHashMap<>();

    void gauge(String name, String help, Labels labels, double value) {
        gauges.computeIfAbsent(name, n -> GaugeSnapshot.builder().name(n).help(help))
                .dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build());
    }

    /**
     * A value that no counter can have makes no sample: a server may answer anything.
     *
     * @param name with its {@code _total}
     */
    void counter(String name, String help, Labels labels, double value) {
        if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
            return;
        }
        String base = name.substring(0, name.length() - TOTAL.length());
        counters.computeIfAbsent(base, n -> CounterSnapshot.builder().name(n).help(help))
                .dataPoint(CounterDataPointSnapshot.builder()
                        .labels(labels)
                        .value(value)
                        .build());
    }

    /** @param name with its {@code _info} */
    void info(String name, String help, Labels labels) {
        String base = name.substring(0, name.length() - INFO.length());
        infos.computeIfAbsent(base, n -> InfoSnapshot.builder().name(n).help(help))
                .dataPoint(InfoDataPointSnapshot.builder().labels(labels).build());
    }

    MetricSnapshots snapshots() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        gauges.values().stream().map(GaugeSnapshot.Builder::build).forEach(s -> add(all, s));
        counters.values().stream().map(CounterSnapshot.Builder::build).forEach(s -> add(all, s));
        infos.values().stream().map(InfoSnapshot.Builder::build).forEach(s -> add(all, s));
        return all.build();
    }

    private static void add(MetricSnapshots.Builder all, MetricSnapshot snapshot) {
        all.metricSnapshot(snapshot);
    }
}
