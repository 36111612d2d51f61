package dev.rediswarden.metrics;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The families drawn from INFO and CONFIG, as text. They are nearly all of an answer and change each ten seconds, so
 * they are rendered once for each reading and not for each scrape.
 */
final class ServerPage {

    /** The one line that ends an answer of OpenMetrics; other families follow these. */
    private static final String END = "# EOF\n";

    private record Rendered(List<Reading<ServerState>> servers, String text) {

        /** A reading is the same object until it is read anew. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(List<Reading<ServerState>> now) {
            if (servers.size() != now.size()) {
                return false;
            }
            for (int i = 0; i < now.size(); i++) {
                if (servers.get(i) != now.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Map<String, Rendered> byContentType = new ConcurrentHashMap<>();

    /** The families of every instance; none where the report is no longer current. */
    String text(Report report, String contentType) {
        if (!report.isCurrent()) {
            return "";
        }
        List<InstanceState> instances = report.snapshot().instances();
        List<Reading<ServerState>> servers =
                instances.stream().map(InstanceState::server).toList();
        Rendered rendered = byContentType.get(contentType);
        if (rendered == null || !rendered.isOf(servers)) {
            rendered = new Rendered(servers, render(instances, contentType));
            byContentType.put(contentType, rendered);
        }
        return rendered.text();
    }

    private String render(List<InstanceState> instances, String contentType) {
        Samples samples = new Samples();
        for (InstanceState instance : instances) {
            RedisFamilies.addServer(samples, instance, RedisFamilies.label(instance.name(), instances.size() > 1));
        }
        MetricSnapshots families = samples.snapshots();
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try {
            formats.findWriter(contentType).write(out, families);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String text = out.toString(StandardCharsets.UTF_8);
        return text.endsWith(END) ? text.substring(0, text.length() - END.length()) : text;
    }
}
