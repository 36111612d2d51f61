package dev.rediswarden;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.rediswarden.check.Report;
import dev.rediswarden.cli.NagiosLine;
import dev.rediswarden.cli.ReportTable;
import dev.rediswarden.history.Event;
import dev.rediswarden.history.Events;
import dev.rediswarden.history.History;
import dev.rediswarden.http.Served;
import dev.rediswarden.json.Build;
import dev.rediswarden.json.HistoryJson;
import dev.rediswarden.json.ReportJson;
import dev.rediswarden.metrics.Metrics;
import dev.rediswarden.page.StatusPage;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server, and what it is run by, may call itself anything: wherever that is shown it is words of one line. */
class HostileWordsTest {

    /** Of a terminal and of bidirectional text, but for the newline. */
    private static final Pattern STEERING =
            Pattern.compile("[\\p{Cc}&&[^\\n]]|[\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069\\u2028\\u2029]");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>'",
                "\u001b]0;owned\u0007\u001b[2J\u001b[31m",
                "\u009b31mC1",
                "one\ntwo\r\n<6>three\0",
                "redis_up 1\n# EOF\nevil{a=\"b\"} 2",
                "\"} 1\nevil{a=\"",
                "\\",
                "\u202egnp.exe\u2066",
                "\ud800",
                "$(reboot)`reboot`",
                "ONE MEGABYTE"
            })
    void areShownAsWords(String word) {
        String hostile = word.equals("ONE MEGABYTE") ? "<b>\u001b".repeat(1 << 18) : word;
        Report before = Served.report(healthy(), "main");
        Report report = Served.report(everywhere(hostile), "main");
        Map<String, String> told = new TreeMap<>();
        told.put("health", new ReportJson(new Build("1", "a", "17")).report(report));
        told.put("table", ReportTable.of(report).text());
        told.put("nagios", NagiosLine.of(report, true).text());
        told.put("status", report.summary());
        Announcements.lines(before, report).forEach(line -> told.put("journal " + told.size(), line.text()));
        told.put("text", metrics(report, "text/plain"));
        told.put("open", metrics(report, "application/openmetrics-text"));
        List<Event> events = List.of(new Event(NOW, Event.Kind.CONFIG, "main", hostile, hostile));
        told.put("events", HistoryJson.events(events));
        told.put(
                "page",
                new StatusPage("web1", "1", History.NONE, (Events) (from, atMost) -> events, () -> NOW)
                        .html(report, hostile));

        told.forEach((where, text) -> {
            assertThat(STEERING.matcher(text)
                            .results()
                            .map(found -> found.start())
                            .toList())
                    .as(where + " of " + shown(word))
                    .isEmpty();
            assertThat(text.length()).as(where).isLessThan(200_000);
            assertThat(text.lines().filter(line -> line.startsWith("evil")).toList())
                    .as(where)
                    .isEmpty();
        });
        assertThat(told.get("page")).doesNotContain("<script>alert", "<img", "<b>");
        Stream.of("health", "events")
                .forEach(json -> assertThat(JsonParser.parseString(told.getOrDefault(json, ""))
                                .isJsonNull())
                        .as(json)
                        .isFalse());
        Stream.of("nagios", "status").forEach(one -> assertThat(told.get(one)).doesNotContain("\n"));
        told.forEach((where, text) -> {
            if (where.startsWith("journal")) {
                assertThat(text).as(where).doesNotContain("\n");
            }
        });
    }

    /** In all that INFO, CONFIG, redis.conf, PING and systemd have, but for what makes the rest be read at all. */
    private static Given everywhere(String word) {
        UnitState unit = healthy().state("main").unit().orElseThrow().optional().orElseThrow();
        return healthy()
                .withInfo(all(healthy().info(), word))
                .withConfig(healthy().config().map(fields -> all(fields, word)))
                .withConfFile(healthy().confFile().map(fields -> all(fields, word)))
                .with(Given.ping(Outcome.MISCONF, word))
                .with(Given.copy(unit, "id", word, "unitFileState", word, "subState", word, "result", word));
    }

    private static Map<String, String> all(Map<String, String> fields, String word) {
        Map<String, String> hostile = fields.keySet().stream().collect(Collectors.toMap(name -> name, name -> word));
        hostile.put(word, word);
        hostile.put("db" + word, "keys=1");
        hostile.put("cmdstat_" + word, "calls=1,usec=1");
        hostile.put("errorstat_" + word, "count=1");
        return hostile;
    }

    private static String metrics(Report report, String accept) {
        Metrics metrics = new Metrics(
                () -> report,
                () -> Reading.unknown(Reading.Cause.NOT_READ, "not asked"),
                () -> 1,
                () -> Duration.ofMillis(1),
                () -> Duration.ofMillis(1),
                () -> 0,
                List.of(),
                "version",
                "1",
                "git_sha",
                "a");
        return metrics.scrape(metrics.contentType(accept)).stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    private static String shown(String word) {
        return word.codePoints()
                .mapToObj(c -> c < 0x7f && c >= ' ' ? Character.toString(c) : "\\" + c)
                .collect(Collectors.joining());
    }
}
