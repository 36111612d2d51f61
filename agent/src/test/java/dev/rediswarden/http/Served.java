package dev.rediswarden.http;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.history.Events;
import dev.rediswarden.history.History;
import dev.rediswarden.json.Build;
import dev.rediswarden.json.ReportJson;
import dev.rediswarden.page.StatusPage;
import dev.rediswarden.snapshot.Given;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/** A real server on a free port of loopback, for a report that the test chooses. */
public final class Served implements AutoCloseable {

    public final InetSocketAddress address = Wire.freeAddress();
    final AtomicReference<Report> report = new AtomicReference<>(report(Given.healthy(), "main"));
    final AtomicBoolean live = new AtomicBoolean(true);
    final HostGuard hosts = new HostGuard(List.of("warden.example.com", "[2001:db8::1]"), () -> "web1");
    private final HealthServer server;

    public Served() {
        this(accept -> scrape("text/plain; version=0.0.4; charset=utf-8", "redis_up 1.0\n"));
    }

    Served(Scrape.Source metrics) {
        this(metrics, History.NONE, Events.NONE);
    }

    /** With what was. */
    public Served(History history, Events events) {
        this(accept -> scrape("text/plain; version=0.0.4; charset=utf-8", "redis_up 1.0\n"), history, events);
    }

    Served(Scrape.Source metrics, History history, Events events) {
        server = new HealthServer(
                address,
                hosts,
                report::get,
                live::get,
                new ReportJson(new Build("0.1.0", "abc123", "17")),
                metrics,
                new HistoryPaths(report::get, history, events, () -> Given.NOW),
                page(report::get, history, events));
        try {
            server.start();
        } catch (BindException e) {
            throw new AssertionError(e);
        }
    }

    /** The same answers by a door; started. */
    HealthServer at(Door door) {
        HealthServer remote = server.at(door);
        try {
            remote.start();
        } catch (BindException e) {
            throw new AssertionError(e);
        }
        return remote;
    }

    static PagePaths page(Supplier<Report> reports, History history, Events events) {
        return new PagePaths(reports, new StatusPage("vps", "0.1.0", history, events, () -> Given.NOW));
    }

    public void show(Given given, String... names) {
        report.set(report(given, names));
    }

    public static Report report(Given given, String... names) {
        return new Checkup(Checkup.STANDARD, Map.of())
                .examine(given.snapshot(names), Report.none(Given.NOW.minusSeconds(60)));
    }

    @Override
    public void close() {
        server.close();
    }

    static Scrape scrape(String contentType, String body) {
        return new Scrape(contentType, List.of(body.getBytes(StandardCharsets.UTF_8)));
    }
}
