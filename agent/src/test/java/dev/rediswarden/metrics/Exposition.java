package dev.rediswarden.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Prometheus text (https://prometheus.io/docs/instrumenting/exposition_formats/) read strictly: each family has one
 * HELP and one TYPE before its samples, which stand together, and no series comes twice.
 */
record Exposition(Map<String, String> types, Map<String, Double> series) {

    private static final Pattern META = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.*)");
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*})? (\\S+)");

    static Exposition parse(String text) {
        Exposition exposition = new Exposition(new TreeMap<>(), new TreeMap<>());
        Set<String> helped = new HashSet<>();
        String current = "";
        assertThat(text).endsWith("\n");
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            Matcher meta = META.matcher(line);
            if (meta.matches()) {
                current = meta.group(2);
                if (meta.group(1).equals("HELP")) {
                    assertThat(helped.add(current)).as("one HELP of " + current).isTrue();
                } else {
                    assertThat(exposition.types.put(current, meta.group(3)))
                            .as("one TYPE of " + current)
                            .isNull();
                }
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            String family = sample.group(1).replaceFirst("_(count|sum)$", "");
            assertThat(current).as("TYPE before " + line).isIn(sample.group(1), family);
            String labels = sample.group(2) == null ? "" : sample.group(2);
            String value = sample.group(3).replace("+Inf", "Infinity").replace("-Inf", "-Infinity");
            assertThat(exposition.series.put(sample.group(1) + labels, Double.parseDouble(value)))
                    .as("one " + line)
                    .isNull();
        }
        return exposition;
    }
}
