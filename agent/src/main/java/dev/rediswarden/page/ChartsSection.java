package dev.rediswarden.page;

import dev.rediswarden.history.History;
import dev.rediswarden.history.Metric;
import dev.rediswarden.history.Range;
import dev.rediswarden.history.Series;
import java.util.List;
import java.util.Optional;

/** The last 24 hours of one server. */
final class ChartsSection {

    /** Ten minutes each. */
    private static final int POINTS = 144;

    private record Figure(String title, Metric metric) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure("Time of 99 in 100 PINGs", Metric.PING_P99),
            new Figure("Memory used", Metric.MEMORY_USED),
            new Figure("Clients", Metric.CLIENTS),
            new Figure("Commands", Metric.COMMANDS),
            new Figure("Evicted keys", Metric.EVICTIONS),
            new Figure("Tasks that wait in queues", Metric.QUEUE_LENGTH));

    private static final List<Metric> METRICS = List.of(
            Metric.PING_P99,
            Metric.MEMORY_USED,
            Metric.CLIENTS,
            Metric.COMMANDS,
            Metric.EVICTIONS,
            Metric.QUEUE_LENGTH,
            Metric.MEMORY_MAX,
            Metric.HEALTH);

    private ChartsSection() {}

    /**
     * Reads the history, and draws it.
     *
     * @param others every server's name, for the way to their charts
     */
    static String html(History history, String redis, List<String> others) {
        Html html = new Html();
        html.open("section", "class", "charts", "aria-labelledby", "charts");
        html.element("h2", others.size() > 1 ? "The last 24 hours of " + redis : "The last 24 hours", "id", "charts");
        if (others.size() > 1) {
            html.open("nav", "aria-label", "Servers").open("ul");
            for (String other : others) {
                html.open("li");
                if (other.equals(redis)) {
                    html.element("span", other, "aria-current", "true");
                } else {
                    html.element("a", other, "href", "/?redis=" + other + "#charts");
                }
                html.closeLine("li");
            }
            html.close("ul").closeLine("nav");
        }
        List<Series> all = history.series(redis, METRICS, Range.DAY, POINTS);
        Optional<Series> health = of(all, Metric.HEALTH);
        if (health.isEmpty()) {
            html.element("p", "No history is kept, or it cannot be read just now.");
        } else {
            html.open("div", "class", "figures");
            for (Figure figure : FIGURES) {
                of(all, figure.metric())
                        .ifPresent(series -> new Chart(
                                        figure.title(),
                                        series,
                                        figure.metric() == Metric.MEMORY_USED
                                                ? of(all, Metric.MEMORY_MAX).orElse(null)
                                                : null,
                                        health.get())
                                .write(html, redis));
            }
            html.closeLine("div");
        }
        return html.closeLine("section").toString();
    }

    private static Optional<Series> of(List<Series> all, Metric metric) {
        return all.stream().filter(series -> series.metric() == metric).findFirst();
    }
}
