package dev.rediswarden.metrics;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Some families as UTF-8 text, rendered anew only where what they are drawn from was replaced: not for each scrape. */
final class Page {

    private static final String OPEN_METRICS = "application/openmetrics-text";

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

    private final Map<String, Rendered> byContentType = new ConcurrentHashMap<>();

    /** @param sources what the families are drawn from */
    byte[] text(String contentType, List<?> sources, Supplier<Samples> families) {
        Rendered rendered = byContentType.get(contentType);
        if (rendered == null || !rendered.isOf(sources)) {
            rendered = new Rendered(sources, families.get().text(contentType.startsWith(OPEN_METRICS)));
            byContentType.put(contentType, rendered);
        }
        return rendered.text;
    }
}
