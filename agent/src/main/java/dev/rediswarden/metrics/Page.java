package dev.rediswarden.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Some families as UTF-8 text, rendered anew only where what they are drawn from was replaced: not for each scrape. */
final class Page {

    /** The one line that ends an answer of OpenMetrics; other families follow these. */
    private static final String END = "# EOF\n";

    private static final class Rendered {

        private final List<?> sources;
        private final byte[] text;

        Rendered(List<?> sources, byte[] text) {
            this.sources = sources;
            this.text = text;
        }

        /** A reading, and a report, is the same object until it is made anew. */
        @SuppressWarnings("ReferenceEquality")
        boolean isOf(List<?> now) {
            if (sources.size() != now.size()) {
                return false;
            }
            for (int i = 0; i < now.size(); i++) {
                if (sources.get(i) != now.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Map<String, Rendered> byContentType = new ConcurrentHashMap<>();

    /** @param sources what the families are drawn from */
    byte[] text(String contentType, List<?> sources, Supplier<MetricSnapshots> families) {
        Rendered rendered = byContentType.get(contentType);
        if (rendered == null || !rendered.isOf(sources)) {
            rendered = new Rendered(sources, render(contentType, families.get()));
            byContentType.put(contentType, rendered);
        }
        return rendered.text;
    }

    private byte[] render(String contentType, MetricSnapshots families) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(16 << 10);
        try {
            formats.findWriter(contentType).write(out, families);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        byte[] text = out.toByteArray();
        int end = text.length - END.length();
        boolean ended = end >= 0 && END.equals(new String(text, end, END.length(), StandardCharsets.US_ASCII));
        return ended ? Arrays.copyOf(text, end) : text;
    }
}
