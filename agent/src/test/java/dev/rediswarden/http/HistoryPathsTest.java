package dev.rediswarden.http;

import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.rediswarden.check.Report;
import dev.rediswarden.history.Event;
import dev.rediswarden.history.Event.Kind;
import dev.rediswarden.history.EventFiles;
import dev.rediswarden.history.EventLog;
import dev.rediswarden.history.HistoryFiles;
import dev.rediswarden.history.Recorder;
import dev.rediswarden.history.RingWriter;
import dev.rediswarden.history.Turnstile;
import dev.rediswarden.http.Wire.Answer;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The history of real files over real HTTP. */
class HistoryPathsTest {

    @TempDir
    private Path directory;

    private EventLog log;
    private Served served;

    @BeforeEach
    void start() {
        Turnstile turnstile = new Turnstile();
        log = new EventLog(directory.resolve("events"), "rw-r-----");
        served = new Served(
                accept -> Served.scrape("text/plain", ""),
                new HistoryFiles(directory, () -> Given.NOW, turnstile),
                new EventFiles(List.of(log), () -> Given.NOW, turnstile));
    }

    @AfterEach
    void stop() {
        served.close();
    }

    @Test
    void withoutAQuestionItTellsWhatThereIs() {
        Answer answer = Wire.get(served.address, "/history");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).hasValue("application/json");
        assertThat(answer.body())
                .startsWith("{\"metrics\":[{\"name\":\"ping_seconds\",\"unit\":\"seconds\"},")
                .endsWith("],\"ranges\":[\"1h\",\"24h\",\"30d\"],\"redis\":[\"main\"]}\n");
    }

    @Test
    void whatTheCycleReportedIsTold() {
        Recorder recorder = new Recorder(new RingWriter(directory), Runnable::run);
        for (int second = 30; second >= 0; second -= 5) {
            recorder.published(at(Given.NOW.minus(Duration.ofSeconds(second))));
        }
        JsonObject answer = json(Wire.get(served.address, "/history?metric=memory_used_bytes&range=1h&redis=main"));
        JsonArray points = answer.getAsJsonArray("points");

        assertThat(answer.get("unit").getAsString()).isEqualTo("bytes");
        assertThat(answer.get("step_seconds").getAsInt()).isEqualTo(10);
        assertThat(points).hasSize(360);
        assertThat(points.get(359).toString())
                .isEqualTo("[" + (Given.NOW.getEpochSecond() / 10 * 10 - 10) + ",1048576]");
        assertThat(points.get(0).getAsJsonArray().get(1).isJsonNull()).isTrue();
    }

    @Test
    void fewerPointsAreToldWhereFewerAreAskedFor() {
        JsonObject answer = json(Wire.get(served.address, "/history?metric=clients&range=24h&points=100&value=max"));

        assertThat(answer.getAsJsonArray("points").size()).isLessThanOrEqualTo(100);
        assertThat(answer.get("step_seconds").getAsInt()).isEqualTo(870);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/history?metric=nothing | no such metric | hit_rate",
                "/history?range=1h | metric is missing | hit_rate",
                "/history?metric=clients&range=2h | no such range | 30d",
                "/history?metric=clients&redis=../../etc/passwd | no such redis | main",
                "/history?metric=clients&value=p99 | no such value | avg",
                "/history?metric=clients&points=0 | no such points | 1 to 8640",
                "/history?metric=clients&points=99999999999 | no such points | 1 to 8640",
                "/events?range=%3Cb%3E | no such range | 24h",
            })
    void aWrongQuestionIsToldInOneLineWhatThereIs(String path, String error, String known) {
        Answer answer = Wire.get(served.address, path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).endsWith("]}\n").doesNotContain("<");
        assertThat(JsonParser.parseString(answer.body())
                        .getAsJsonObject()
                        .get("error")
                        .getAsString())
                .isEqualTo(error);
        assertThat(answer.body()).contains("\"" + known + "\"");
    }

    @Test
    void eventsAreToldTheNewestFirst() throws IOException {
        log.append(List.of(
                new Event(Given.NOW.minusSeconds(7200), Kind.DEPLOY, "", "acme", "1a2b3c"),
                new Event(Given.NOW.minusSeconds(60), Kind.STATUS, "main", "ping", "is <b>ok")));

        assertThat(Wire.get(served.address, "/events").body())
                .isEqualTo("{\"events\":[{\"time\":\"2026-01-02T03:03:05.678Z\",\"kind\":\"status\",\"redis\":\"main\","
                        + "\"subject\":\"ping\",\"text\":\"is \\u003cb\\u003eok\"},{\"time\":\"2026-01-02T01:04:05.678Z\","
                        + "\"kind\":\"deploy\",\"subject\":\"acme\",\"text\":\"1a2b3c\"}]}\n");
        assertThat(json(Wire.get(served.address, "/events?range=1h")).getAsJsonArray("events"))
                .hasSize(1);
    }

    @Test
    void nothingIsChangedHere() {
        assertThat(Wire.ask(served.address, "POST", "/events").status()).isEqualTo(405);
        assertThat(Wire.ask(served.address, "HEAD", "/history?metric=nothing").status())
                .isEqualTo(400);
    }

    private static Report at(Instant time) {
        Report report = Served.report(healthy(), "main");
        Snapshot then = report.snapshot();
        return new Report(
                new Snapshot(time, then.listeners(), then.siteUnits(), then.stewardship(), then.instances()),
                report.health(),
                report.results());
    }

    private static JsonObject json(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return JsonParser.parseString(answer.body()).getAsJsonObject();
    }
}
