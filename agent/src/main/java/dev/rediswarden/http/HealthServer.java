package dev.rediswarden.http;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Health;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.json.ReportJson;
import io.javalin.Javalin;
import io.javalin.config.JettyConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.javalin.http.HandlerType;
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * {@code /}, {@code /health}, {@code /health/NAME}, {@code /health/live}, {@code /metrics}, {@code /history} and {@code /events}; GET and
 * HEAD alone.
 */
public final class HealthServer implements AutoCloseable {

    private record Document(Report report, String text) {}

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";

    private static final Set<HandlerType> READING = Set.of(HandlerType.GET, HandlerType.HEAD);

    private final HostGuard hosts;
    private final Supplier<Report> reports;
    private final BooleanSupplier live;
    private final ReportJson json;
    private final Scrape.Source metrics;
    private final Javalin javalin;
    private volatile @Nullable Document latest;

    /** @param live whether cycles complete */
    public HealthServer(
            InetSocketAddress listen,
            HostGuard hosts,
            Supplier<Report> reports,
            BooleanSupplier live,
            ReportJson json,
            Scrape.Source metrics,
            HistoryPaths past,
            PagePaths page) {
        this.hosts = hosts;
        this.reports = reports;
        this.live = live;
        this.json = json;
        this.metrics = metrics;
        this.javalin = server(
                jetty -> SmallJetty.configure(jetty, listen, SmallJetty.CONNECTIONS, SmallJetty.threads("http"), null),
                routes -> {
                    routes.before(this::refuseStrangeHost);
                    routes.before(HealthServer::refuseToChange);
                    read(routes, "/", page::index);
                    read(routes, "/assets/{version}/{name}", page::asset);
                    read(routes, "/history", past::history);
                    read(routes, "/events", past::events);
                    routes.error(404, HealthServer::notFound);
                });
    }

    private HealthServer(HealthServer of, Door door) {
        this.hosts = of.hosts;
        this.reports = of.reports;
        this.live = of.live;
        this.json = of.json;
        this.metrics = of.metrics;
        this.javalin = server(door::configure, routes -> {
            routes.before(door::admit);
            routes.before(HealthServer::refuseToChange);
            routes.error(404, HealthServer::notFoundFromAfar);
        });
    }

    /** The same {@code /health} and {@code /metrics}, and nothing else, for who comes by this door. */
    public HealthServer at(Door door) {
        return new HealthServer(this, door);
    }

    /**
     * Begins to listen.
     *
     * @throws BindException where the address is in use or not this host's
     */
    public void start() throws BindException {
        try {
            javalin.start();
        } catch (JavalinBindException e) {
            throw new BindException(String.valueOf(e.getMessage()));
        }
    }

    private Javalin server(Consumer<JettyConfig> jetty, Consumer<RoutesConfig> more) {
        return Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.strictContentTypes = false;
            jetty.accept(config.jetty);
            more.accept(config.routes);
            read(config.routes, "/health", this::health);
            read(config.routes, "/health/live", this::liveness);
            read(config.routes, "/health/<name>", this::check);
            read(config.routes, "/metrics", this::scrape);
            config.routes.exception(Exception.class, HealthServer::failed);
        });
    }

    /** HEAD runs the handler as well: by itself Javalin answers it with 200 wherever there is a GET. */
    private static void read(RoutesConfig routes, String path, Handler handler) {
        routes.get(path, handler);
        routes.head(path, handler);
    }

    private static void notFound(Context request) {
        notFound(request, "/health, /health/NAME, /health/live, /metrics, /history and /events");
    }

    private static void notFoundFromAfar(Context request) {
        notFound(request, "/health, /health/NAME, /health/live and /metrics");
    }

    /** The answer of a check of another name ends in a newline; Javalin's own does not. */
    private static void notFound(Context request, String known) {
        if (!String.valueOf(request.result()).endsWith("\n")) {
            request.contentType(TEXT).result("not found; there is " + known + "\n");
        }
    }

    /** What cannot be told is not healthy; what went wrong is for the journal alone. */
    private static void failed(Exception e, Context request) {
        Logger.error(e, "{} could not be answered", request.path());
        request.status(503).contentType(TEXT).result("the answer could not be made, see the journal\n");
    }

    private void refuseStrangeHost(Context request) {
        hosts.refuseUnless(hosts.admits(request.header("Host")), request);
    }

    private static void refuseToChange(Context request) {
        request.header("Cache-Control", "no-store");
        request.header("X-Content-Type-Options", "nosniff");
        if (!READING.contains(request.method())) {
            request.header("Allow", "GET, HEAD");
            request.status(405).contentType(TEXT).result("only GET and HEAD: nothing here changes anything\n");
            request.skipRemainingHandlers();
        }
    }

    private void health(Context request) {
        Report report = reports.get();
        request.status(code(report.health() == Health.UNHEALTHY))
                .contentType(JSON)
                .result(document(report));
    }

    /** Written once for each report, not for each request. */
    @SuppressWarnings("ReferenceEquality")
    private String document(Report report) {
        Document last = latest;
        if (last == null || last.report() != report) {
            last = new Document(report, json.report(report));
            latest = last;
        }
        return last.text();
    }

    private void check(Context request) {
        Report report = reports.get();
        Optional<CheckResult> result = report.result(request.pathParam("name"));
        if (result.isPresent()) {
            boolean unhealthy = result.get().status() == Status.UNHEALTHY;
            request.status(code(unhealthy)).contentType(JSON).result(json.check(result.get()));
        } else {
            String known = report.results().stream().map(report::key).collect(Collectors.joining(", "));
            request.status(404).contentType(TEXT).result("no such check; known: " + known + ", live\n");
        }
    }

    private void liveness(Context request) {
        boolean alive = live.getAsBoolean();
        request.status(code(!alive)).contentType(TEXT).result(alive ? "live\n" : "no cycle completes\n");
    }

    /** Written and not copied: of many servers a copy would fill the young part of the heap with each scrape. */
    private void scrape(Context request) throws IOException {
        Scrape scrape =
                metrics.scrape(Optional.ofNullable(request.header("Accept")).orElse(""));
        request.contentType(scrape.contentType());
        if (request.header("Accept-Encoding") == null) {
            request.res().setContentLength(scrape.length()); // what is compressed has another one
        }
        scrape.writeTo(request.outputStream());
    }

    private static int code(boolean unhealthy) {
        return unhealthy ? 503 : 200;
    }

    @Override
    public void close() {
        javalin.stop();
    }
}
