package dev.rediswarden.http;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.history.Events;
import dev.rediswarden.history.History;
import dev.rediswarden.http.Wire.Answer;
import dev.rediswarden.json.Build;
import dev.rediswarden.json.ReportJson;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HealthServerTest {

    private static final Given STOPPED = healthy()
            .with(ping(Outcome.REFUSED, "Connection refused"))
            .with(Given.unit("loaded", "disabled", "failed", "failed", "signal"));

    private Served served = new Served();

    @BeforeAll
    void start() {
        served.close();
        served = new Served();
    }

    @AfterEach
    void allWellAgain() {
        served.show(healthy(), "main");
        served.live.set(true);
    }

    @AfterAll
    void stop() {
        served.close();
    }

    @Test
    void healthIsThisDocument() throws IOException {
        served.show(STOPPED, "main");
        Answer answer = get("/health");

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).contains("application/json");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.body()).isEqualTo(golden("unhealthy.json"));
    }

    @Test
    void aSiteThatIsDownIsToldAndIsNo503() {
        served.report.set(new Checkup(Checkup.STANDARD, Map.of())
                .examine(
                        GivenSite.healthy()
                                .with(GivenSite.answer(503, "unhealthy", "database: OperationalError"))
                                .snapshot(),
                        Report.none(Given.NOW)));

        assertThat(get("/health").status()).isEqualTo(200);
        assertThat(get("/health").body()).contains("\"status\": \"degraded\"", "\"acme/health\": {");
        assertThat(get("/health/acme/health").body())
                .startsWith("{\n  \"kind\": \"site\",\n  \"status\": \"degraded\"")
                .contains("database: OperationalError", "\"latency_ms\": 12.0");
        assertThat(get("/health/acme/backup").body()).contains("\"status\": \"ok\"");
        assertThat(get("/health/ping").body()).doesNotContain("kind");
    }

    @Test
    void okAndDegradedAre200AndUnhealthyIs503() {
        assertThat(get("/health").status()).isEqualTo(200);
        served.show(healthy().withInfo("maxmemory", "0"), "main");
        assertThat(get("/health").status()).isEqualTo(200);
        assertThat(get("/health").body()).contains("\"status\": \"degraded\"");
        served.report.set(Served.report(healthy(), "main").stale(Duration.ofSeconds(9)));
        assertThat(get("/health").status()).isEqualTo(503);
    }

    @Test
    void severalInstancesAreNamed() {
        served.show(healthy(), "main", "cache");

        assertThat(JsonParser.parseString(get("/health").body())
                        .getAsJsonObject()
                        .getAsJsonObject("checks")
                        .keySet())
                .contains("main/ping", "cache/ping");
        assertThat(get("/health/cache/ping").status()).isEqualTo(200);
        assertThat(get("/health/ping").status()).isEqualTo(404);
    }

    @Test
    void oneCheckAloneHasItsOwnStatus() {
        served.show(STOPPED, "main");

        assertThat(get("/health/ping").status()).isEqualTo(503);
        assertThat(get("/health/memory").status()).isEqualTo(200);
        assertThat(get("/health/memory").body())
                .startsWith("{\n  \"status\": \"unknown\"")
                .endsWith("}\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/health/nope", "/health/PING", "/health/ping/x", "/health/%20", "/healthy", "/metrics/x"})
    void anotherNameIs404(String path) {
        Answer answer = get(path);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).endsWith("\n");
    }

    @Test
    void anUnknownNameIs404WithTheKnownOnes() {
        Answer answer = get("/health/nope");

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo(
                        "no such check; known: ping, writable, unit, identity, ordering, binding, auth, persistence, files, memory, eviction, celery, kernel, clients, latency, drift, intrusion, forecast, live\n");
    }

    @Test
    void livenessFollowsTheCycles() {
        assertThat(get("/health/live").status()).isEqualTo(200);
        served.live.set(false);
        assertThat(get("/health/live").status()).isEqualTo(503);
        assertThat(get("/health/live").body()).endsWith("\n");
    }

    @Test
    void theIndexNamesWhatThereIs() {
        Answer answer = get("/");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body())
                .contains("ok: 17 checks passed", "/health/live", "/metrics")
                .endsWith("\n");
    }

    @Test
    void anotherPathIs404() {
        assertThat(get("/nope").status()).isEqualTo(404);
        assertThat(get("/nope").body()).endsWith("\n").doesNotContain("javalin", "jetty", "<");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/health", "/health/ping", "/health/live", "/metrics"})
    void headIsGetWithoutItsBody(String path) {
        Answer get = get(path);
        Answer head = Wire.ask(served.address, "HEAD", path);

        assertThat(head.status()).isEqualTo(get.status());
        assertThat(head.header("Content-Type")).isEqualTo(get.header("Content-Type"));
        assertThat(head.body()).isEmpty();
    }

    @Test
    void headTellsThatItIsUnhealthy() {
        served.show(STOPPED, "main");

        assertThat(Wire.ask(served.address, "HEAD", "/health").status()).isEqualTo(503);
        assertThat(Wire.ask(served.address, "HEAD", "/health/ping").status()).isEqualTo(503);
        assertThat(Wire.ask(served.address, "HEAD", "/health/nope").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY", "PROPFIND", "BOGUS", "get"})
    void everyOtherMethodIs405(String method) {
        for (String path : new String[] {"/health", "/metrics", "/health/ping", "/nope"}) {
            Answer answer = Wire.ask(served.address, method, path);

            assertThat(answer.status()).as(method + " " + path).isEqualTo(405);
            assertThat(answer.header("Allow")).as(method + " " + path).contains("GET, HEAD");
            assertThat(answer.body()).endsWith("\n").doesNotContain("X-Secret");
        }
    }

    @Test
    void optionsForTheWholeServerIs405() {
        Answer answer = Wire.ask(served.address, "OPTIONS", "*");

        assertThat(answer.status()).isIn(400, 404, 405);
    }

    @Test
    void aBodyOfARefusedRequestIsNotRead() {
        Answer answer = Wire.ask(served.address, "POST", "/health", "Content-Length: 1000000000");

        assertThat(answer.status()).isEqualTo(405);
    }

    @Test
    void nothingTellsWhatItIsMadeOf() {
        Answer answer = get("/health");

        assertThat(answer.header("Server")).isEmpty();
        assertThat(answer.header("Set-Cookie")).isEmpty();
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
    }

    @Test
    void aDefectIsNoOtherFiveHundred() {
        try (Served broken = new Served(accept -> {
            throw new IllegalStateException("secret detail");
        })) {
            Answer answer = Wire.get(broken.address, "/metrics");

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).doesNotContain("secret detail");
        }
    }

    @Test
    void theAcceptHeaderReachesTheMetrics() {
        try (Served echo = new Served(accept -> Served.scrape("text/plain", accept + "\n"))) {
            assertThat(Wire.get(echo.address, "/metrics", "Accept: a/b;q=0.5").body())
                    .isEqualTo("a/b;q=0.5\n");
            assertThat(Wire.get(echo.address, "/metrics").body()).isEqualTo("\n");
        }
    }

    @Test
    void anAddressInUseIsABindException() {
        HealthServer second = new HealthServer(
                served.address,
                served.hosts,
                served.report::get,
                () -> true,
                new ReportJson(new Build("0.1.0", "abc123", "17")),
                accept -> Served.scrape("text/plain", ""),
                new HistoryPaths(served.report::get, History.NONE, Events.NONE, () -> Given.NOW),
                Served.page(served.report::get, History.NONE, Events.NONE));
        try (second) {
            assertThatThrownBy(second::start).isInstanceOf(BindException.class);
        }
    }

    @Test
    void aScrapersIdleConnectionDoesNotHoldUpAStop() throws IOException {
        Served stopping = new Served();
        try (Socket scraper = Wire.connect(stopping.address)) {
            scraper.getOutputStream()
                    .write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(scraper.getInputStream().read()).isEqualTo('H');
            long begun = System.nanoTime();
            stopping.close();

            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofMillis(900));
        }
    }

    private Answer get(String path) {
        return Wire.get(served.address, path);
    }

    private static String golden(String name) throws IOException {
        try (InputStream in = HealthServerTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
