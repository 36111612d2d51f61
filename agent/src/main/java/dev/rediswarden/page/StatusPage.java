package dev.rediswarden.page;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Report;
import dev.rediswarden.history.Events;
import dev.rediswarden.history.History;
import dev.rediswarden.snapshot.InstanceState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;

/** The page at {@code /}: verdict, checks, units, charts and what has happened, whole without JavaScript. */
public final class StatusPage {

    /** What is drawn from files is drawn anew when there is something new in them. */
    private static final Duration DRAWN_FOR = Duration.ofSeconds(10);

    private static final int EVENTS = 50;

    private record Drawn(String what, Instant at, String html) {

        private static final Drawn NOTHING = new Drawn("", Instant.MIN, "");

        boolean isStill(String wanted, Instant now) {
            return what.equals(wanted) && !now.isBefore(at) && now.isBefore(at.plus(DRAWN_FOR));
        }
    }

    private final String host;
    private final String version;
    private final History history;
    private final Events events;
    private final InstantSource clock;

    /** Of one server: a page that nobody looks at is not worth its memory. */
    private volatile Drawn charts = Drawn.NOTHING;

    private volatile Drawn timeline = Drawn.NOTHING;

    /** @param host what it is called, as people know it */
    public StatusPage(String host, String version, History history, Events events, InstantSource clock) {
        this.host = host;
        this.version = version;
        this.history = history;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Draws it.
     *
     * @param redis whose charts are wanted; those of the server with the worst check, where it names none
     */
    public String html(Report report, String redis) {
        List<String> names =
                report.snapshot().instances().stream().map(InstanceState::name).toList();
        String chosen = names.contains(redis) ? redis : worst(report, names);
        Instant now = clock.instant();
        Html html = new Html();
        head(html, report);
        html.open("header").open("p");
        html.element("strong", "redis-warden")
                .text("on ")
                .element("strong", host)
                .close("p")
                .closeLine("header");
        html.open("main", "id", "main").open("div", "id", "live", "data-seconds", "10");
        VerdictSection.write(html, report);
        ChecksSection.write(html, report);
        StackSection.write(html, report);
        html.closeLine("div");
        if (!chosen.isEmpty()) {
            Drawn figures = drawn(charts, chosen, now, () -> ChartsSection.html(history, chosen, names));
            charts = figures;
            html.markup(figures.html());
        }
        Drawn past = drawn(timeline, "events", now, this::timeline);
        timeline = past;
        html.open("div", "id", "past").markup(past.html()).closeLine("div");
        html.closeLine("main");
        foot(html, report.snapshot().takenAt());
        return html.toString();
    }

    private void head(Html html, Report report) {
        html.markup("<!DOCTYPE html>\n").open("html", "lang", "en").markup("\n").open("head");
        html.markup(
                "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.element("title", report.health().word() + " – redis-warden on " + host);
        html.markup("<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
        html.open("link", "rel", "stylesheet", "href", Asset.of("page.css").path())
                .markup("\n");
        html.open("link", "rel", "stylesheet", "href", Asset.of("uPlot.min.css").path())
                .markup("\n");
        html.open("script", "defer", "", "src", Asset.of("uPlot.iife.min.js").path())
                .closeLine("script");
        html.open("script", "defer", "", "src", Asset.of("page.js").path()).closeLine("script");
        html.closeLine("head").open("body").markup("\n");
        html.element("a", "To the verdict", "class", "skip", "href", "#main");
    }

    private void foot(Html html, Instant takenAt) {
        html.open("footer")
                .open("p")
                .text("As of ")
                .time(takenAt)
                .text(", by redis-warden " + version + ".")
                .closeLine("p");
        html.open("nav", "aria-label", "Answers for programs").open("ul");
        for (String path : List.of("/health", "/metrics", "/history", "/events")) {
            html.open("li").element("a", path, "href", path).closeLine("li");
        }
        html.close("ul").close("nav").closeLine("footer").close("body").closeLine("html");
    }

    private static Drawn drawn(Drawn kept, String what, Instant now, Supplier<String> draw) {
        return kept.isStill(what, now) ? kept : new Drawn(what, now, draw.get());
    }

    private String timeline() {
        Html html = new Html();
        TimelineSection.write(html, events.newest(EVENTS));
        return html.toString();
    }

    private static String worst(Report report, List<String> names) {
        return report.results().stream()
                .filter(result -> names.contains(result.instance()))
                .max(Comparator.comparing(CheckResult::status))
                .map(CheckResult::instance)
                .orElse(names.isEmpty() ? "" : names.get(0));
    }
}
