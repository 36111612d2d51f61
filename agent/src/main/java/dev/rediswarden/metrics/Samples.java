package dev.rediswarden.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers samples into families, whatever the order in which instances and checks bring them, and writes them as
 * Prometheus text or as OpenMetrics (https://prometheus.io/docs/instrumenting/exposition_formats/). Not by the
 * library's writer: it refuses names that redis_exporter has and dashboards ask for (a counter without {@code _total},
 * a gauge with it, a quantile of 99).
 */
final class Samples {

    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private enum Type {
        GAUGE,
        COUNTER,
        INFO,
        SUMMARY
    }

    private record Family(Type type, String help, StringBuilder lines, StringBuilder sums, StringBuilder counts) {}

    private final Map<String, Family> families = new TreeMap<>();

    void gauge(String name, String help, Labels labels, double value) {
        line(family(name, help, Type.GAUGE).lines(), name, labels, null, value);
    }

    /** A value that no counter can have makes no sample: a server may answer anything. */
    void counter(String name, String help, Labels labels, double value) {
        if (value >= 0 && value < Double.POSITIVE_INFINITY) {
            line(family(name, help, Type.COUNTER).lines(), name, labels, null, value);
        }
    }

    /** @param name with its {@code _info} */
    void info(String name, String help, Labels labels) {
        line(family(name, help, Type.INFO).lines(), name, labels, null, 1);
    }

    /** @param quantiles by what the label says, which redis_exporter has from 0 to 100 */
    void summary(String name, String help, Labels labels, Map<String, Double> quantiles, double sum, double count) {
        Family family = family(name, help, Type.SUMMARY);
        quantiles.forEach((quantile, value) -> line(family.lines(), name, labels, quantile, value));
        line(family.sums(), name + "_sum", labels, null, sum);
        line(family.counts(), name + "_count", labels, null, count);
    }

    private Family family(String name, String help, Type type) {
        return families.computeIfAbsent(
                name, n -> new Family(type, help, new StringBuilder(), new StringBuilder(), new StringBuilder()));
    }

    private static void line(StringBuilder to, String name, Labels labels, @Nullable String quantile, double value) {
        to.append(name);
        if (!labels.isEmpty() || quantile != null) {
            char before = '{';
            for (int i = 0; i < labels.size(); i++) {
                to.append(before).append(labels.getName(i)).append("=\"");
                escape(to, labels.getValue(i));
                to.append('"');
                before = ',';
            }
            if (quantile != null) {
                to.append(before).append("quantile=\"").append(quantile).append('"');
            }
            to.append('}');
        }
        to.append(' ').append(number(value)).append('\n');
    }

    private static void escape(StringBuilder to, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> to.append("\\\\");
                case '"' -> to.append("\\\"");
                case '\n' -> to.append("\\n");
                default -> to.append(c);
            }
        }
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        long whole = (long) value;
        return whole == value && Math.abs(whole) < 1L << 53 ? Long.toString(whole) : Double.toString(value);
    }

    /** In UTF-8, without OpenMetrics' last line. */
    byte[] text(boolean openMetrics) {
        StringBuilder text = new StringBuilder(1 << 14);
        families.forEach((name, family) -> {
            if (openMetrics) {
                openMetrics(text, name, family);
            } else {
                head(
                        text,
                        name,
                        family.type() == Type.INFO
                                ? Type.GAUGE.name()
                                : family.type().name(),
                        family);
                text.append(family.lines()).append(family.sums()).append(family.counts());
            }
        });
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Where a name does not fit what the standard has for its type, the type is unknown, and the name stays. */
    private static void openMetrics(StringBuilder text, String name, Family family) {
        switch (family.type()) {
            case COUNTER -> {
                boolean fits = name.endsWith(TOTAL);
                head(text, fits ? without(name, TOTAL) : name, fits ? "counter" : "unknown", family);
            }
            case INFO -> head(text, without(name, INFO), "info", family);
            case GAUGE -> head(text, name, "gauge", family);
            case SUMMARY -> {
                if (!family.lines().isEmpty()) {
                    head(text, name, "unknown", family);
                    text.append(family.lines());
                    head(text, name + "_sum", "unknown", family);
                    text.append(family.sums());
                    head(text, name + "_count", "unknown", family);
                    text.append(family.counts());
                    return;
                }
                head(text, name, "summary", family);
            }
        }
        text.append(family.lines()).append(family.sums()).append(family.counts());
    }

    private static String without(String name, String suffix) {
        return name.substring(0, name.length() - suffix.length());
    }

    private static void head(StringBuilder text, String name, String type, Family family) {
        text.append("# HELP ").append(name).append(' ').append(family.help()).append('\n');
        text.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(type.toLowerCase(Locale.ROOT))
                .append('\n');
    }
}
