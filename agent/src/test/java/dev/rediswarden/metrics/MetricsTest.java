package dev.rediswarden.metrics;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.GivenSwarm;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.OwnProcess;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Queue;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.Snapshot;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {

    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private static final Reading<OwnProcess> OWN = Reading.known(new OwnProcess(
            1.25,
            Instant.ofEpochSecond(1_767_323_045),
            70 << 20,
            900 << 20,
            21,
            40,
            4096,
            5 << 20,
            12 << 20,
            24 << 20));

    private final AtomicReference<Report> report = new AtomicReference<>(report(healthy(), "main"));
    private List<Figure> more = List.of();
    private final AtomicLong cycles = new AtomicLong(1);
    private final Metrics metrics = new Metrics(
            report::get,
            () -> OWN,
            cycles::get,
            () -> Duration.ofMillis(250),
            () -> Duration.ofMillis(1500),
            () -> 2,
            List.of(() -> more),
            "version",
            "0.1.0",
            "git_sha",
            "abc123",
            "runtime",
            "17");

    @Test
    void thisIsTheWholeAnswer() throws IOException {
        report.set(report(ofRedis7(), "main"));

        assertThat(scrape()).isEqualTo(resource("metrics.txt"));
    }

    @Test
    void whatIsConfiguredIsAddedAndReplaced() {
        assertThat(scrape()).doesNotContain("redis_warden_notify");
        more = List.of(
                new Figure("redis_warden_notify_spooled", "Changes", "", "", 3),
                new Figure("redis_warden_notify_failed_total", "Messages", "receiver", "ops", 2));
        assertThat(scrape())
                .contains("# TYPE redis_warden_notify_spooled gauge\nredis_warden_notify_spooled 3\n")
                .contains("# TYPE redis_warden_notify_failed_total counter\n")
                .contains("\nredis_warden_notify_failed_total{receiver=\"ops\"} 2\n");
        more = List.of();
        assertThat(scrape()).doesNotContain("redis_warden_notify");
    }

    @Test
    void familiesOfTheExporterKeepTheirNamesAndTypes() throws IOException {
        report.set(report(ofRedis7(), "main"));
        Exposition ours = Exposition.parse(scrape());
        Map<String, String> theirs = new HashMap<>();
        resource("redis_exporter.tsv")
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", -1))
                .forEach(columns -> theirs.put(columns[0], columns[1]));

        assertThat(theirs.keySet())
                .filteredOn(name -> !ours.types().containsKey(name))
                .as("what INFO has with an append-only file alone, or never had in Redis 7")
                .containsExactlyInAnyOrder(
                        "redis_aof_base_size_bytes",
                        "redis_aof_buffer_length",
                        "redis_aof_current_size_bytes",
                        "redis_aof_delayed_fsync",
                        "redis_aof_pending_bio_fsync",
                        "redis_aof_pending_rewrite",
                        "redis_rdb_current_size_bytes");
        ours.types().forEach((name, type) -> {
            if (name.startsWith("redis_") && !name.startsWith("redis_warden_")) {
                assertThat(theirs).as("unknown to the exporter").containsKey(name);
                assertThat(type).as(name).isEqualTo(theirs.get(name));
            }
        });
    }

    @Test
    void inOpenMetricsTheNamesAreTheSame() {
        report.set(report(ofRedis7(), "main"));
        String open = text(metrics.contentType("application/openmetrics-text"));

        assertThat(samples(open)).isEqualTo(samples(scrape()));
        assertThat(open)
                .contains("# TYPE redis_commands_processed counter\n")
                .contains("# TYPE redis_total_error_replies unknown\n")
                .contains("# TYPE redis_latency_percentiles_usec_sum unknown\n");
    }

    /** Without those of our own, whose values may change from scrape to scrape. */
    private static List<String> samples(String text) {
        return text.lines()
                .filter(line -> !line.startsWith("#") && !line.startsWith("redis_warden_"))
                .sorted()
                .toList();
    }

    @Test
    void aScriptsErrorsAndAModulesCommandsAreBounded() {
        Map<String, String> info = new TreeMap<>(ofRedis7().info());
        for (int i = 0; i < 2_000; i++) {
            info.put("errorstat_SCRIPT" + i, "count=1");
            info.put("cmdstat_module." + i, "calls=1,usec=1");
        }
        info.put("errorstat_lower", "count=1");
        report.set(report(healthy().withInfo(info), "main"));
        Map<String, Double> series = Exposition.parse(scrape()).series();

        assertThat(series.keySet().stream().filter(name -> name.startsWith("redis_errors_total")))
                .hasSize(50);
        assertThat(series.keySet().stream().filter(name -> name.startsWith("redis_commands_total")))
                .hasSize(500);
    }

    @Test
    void unitsHaveTheirStates() {
        report.set(report(healthy(), "main"));

        assertThat(Exposition.parse(scrape()).series())
                .containsEntry(
                        "systemd_unit_state{name=\"redis-server.service\",state=\"active\",type=\"service\"}", 1.0)
                .containsEntry(
                        "systemd_unit_state{name=\"redis-server.service\",state=\"failed\",type=\"service\"}", 0.0);
    }

    @Test
    void whyRedisWasNotAskedIsAWordAndNoMessage() {
        report.set(report(healthy().withServer(Given.unknown()), "main"));

        assertThat(Exposition.parse(scrape()).series())
                .containsEntry("redis_exporter_last_scrape_error{err=\"denied\"}", 1.0);
    }

    @Test
    void aSiteIsNoRedis() {
        report.set(new Checkup(Checkup.STANDARD, Map.of())
                .examine(GivenSite.healthy().with(Site.Weight.OFF).snapshot(), Report.none(Given.NOW)));
        Map<String, Double> series = Exposition.parse(scrape()).series();

        assertThat(series)
                .containsEntry("redis_warden_site{check=\"health\",site=\"acme\",status=\"off\"}", 1.0)
                .containsEntry("redis_warden_site{check=\"backup\",site=\"acme\",status=\"ok\"}", 1.0)
                .containsEntry("redis_warden_site{check=\"backup\",site=\"acme\",status=\"unknown\"}", 0.0);
        assertThat(series.keySet().stream().filter(name -> name.startsWith("redis_warden_check{")))
                .hasSize(Checkup.STANDARD.size() * Status.values().length)
                .allSatisfy(name -> assertThat(name).contains("redis=\"main\""));
    }

    @Test
    void aServiceIsToldByHowManyOfItRun() {
        report.set(new Checkup(Checkup.STANDARD, Map.of())
                .examine(GivenSwarm.given(GivenSwarm.healthy()).snapshot("main"), Report.none(Given.NOW)));

        assertThat(Exposition.parse(scrape()).series())
                .containsEntry("redis_warden_service_wanted{name=\"app_redis\",redis=\"main\"}", 1.0)
                .containsEntry("redis_warden_service_running{name=\"app_redis\",redis=\"main\"}", 1.0)
                .containsEntry("redis_warden_service_failed{name=\"app_redis\",redis=\"main\"}", 0.0)
                .containsEntry("redis_warden_check{check=\"volume\",redis=\"main\",status=\"unhealthy\"}", 1.0);
    }

    @Test
    void cyclesAreCountedAlsoAfterAGarbageCollection() {
        System.gc();
        cycles.set(7);

        assertThat(Exposition.parse(scrape()).series()).containsEntry("redis_warden_cycle_seconds_count", 7.0);
    }

    @Test
    void whatINFOSaysIsThatOfItsLatestReading() {
        report.set(report(healthy().withInfo("used_memory", "7"), "main"));
        scrape();
        report.set(report(healthy().withInfo("used_memory", "8"), "main"));

        assertThat(Exposition.parse(scrape()).series()).containsEntry("redis_memory_used_bytes", 8.0);
    }

    @Test
    void aQueueIsToldByItsConfiguredName() {
        Queue queue = new Queue(
                1, "celery", 40, 30, Duration.ofSeconds(330), 2, Optional.of(Instant.ofEpochSecond(1_767_323_045)));
        Given given = Given.healthy().with(new KnownKeys(List.of(1), List.of(), List.of(queue), true));
        report.set(report(given, "main"));

        assertThat(Exposition.parse(scrape()).series())
                .containsEntry("redis_warden_queue_length{db=\"db1\",queue=\"celery\"}", 40.0)
                .containsEntry("redis_warden_queue_waiting_clients{db=\"db1\",queue=\"celery\"}", 2.0)
                .containsEntry("redis_warden_queue_stalled_seconds{db=\"db1\",queue=\"celery\"}", 330.0)
                .containsEntry(
                        "redis_warden_queue_oldest_unacked_timestamp_seconds{db=\"db1\",queue=\"celery\"}",
                        1_767_323_045.0);
    }

    @Test
    void aRedisThatIsSilentHasNoTimeToItsAnswer() {
        report.set(report(healthy().with(ping(Outcome.TIMEOUT, "")), "main"));

        assertThat(scrape()).doesNotContain("redis_warden_ping_seconds");
    }

    @Test
    void theUnitOfARedisIsToldByTheNameOfTheRedis() {
        Given disabled = healthy().with(Given.unit("loaded", "disabled", "active", "running", "success"));
        report.set(report(disabled, "main"));

        assertThat(Exposition.parse(scrape()).series())
                .containsEntry("redis_warden_unit_info{name=\"redis-server.service\",redis=\"main\"}", 1.0)
                .containsEntry("redis_warden_unit_restarts{redis=\"main\"}", 0.0)
                .containsEntry("redis_warden_unit_starts_at_boot{redis=\"main\"}", 0.0);

        report.set(report(disabled, "main").stale(Duration.ofSeconds(9)));
        assertThat(scrape()).doesNotContain("redis_warden_unit_");
    }

    @Test
    void severalInstancesAreToldApart() {
        report.set(report(ofRedis7(), "main", "cache"));
        Exposition exposition = Exposition.parse(scrape());

        assertThat(exposition.series())
                .containsKeys("redis_up{redis=\"main\"}", "redis_up{redis=\"cache\"}")
                .doesNotContainKey("redis_up");
    }

    @Test
    void oneStatusOfACheckIsSetAndTheOthersAreNot() {
        report.set(report(healthy().with(ping(Outcome.REFUSED, "")), "main"));
        Map<String, Double> series = Exposition.parse(scrape()).series();

        assertThat(series)
                .containsEntry("redis_up", 0.0)
                .containsEntry("redis_warden_health{status=\"unhealthy\"}", 1.0)
                .containsEntry("redis_warden_health{status=\"ok\"}", 0.0)
                .containsEntry("redis_warden_check{check=\"ping\",redis=\"main\",status=\"unhealthy\"}", 1.0)
                .containsEntry("redis_warden_check{check=\"ping\",redis=\"main\",status=\"ok\"}", 0.0)
                .containsEntry("redis_warden_report_age_seconds", 1.5);
    }

    @Test
    void whatIsUnknownHasNoSample() {
        Given unknown = healthy().withPing(Given.unknown()).withInfo(Map.of()).withConfig(Given.unknown());
        report.set(report(unknown, "main"));

        assertThat(Exposition.parse(scrape()).types().keySet())
                .filteredOn(name -> name.startsWith("redis_")
                        && !name.startsWith("redis_warden_")
                        && !name.startsWith("redis_exporter_"))
                .containsExactlyInAnyOrder(
                        "redis_instance_info",
                        "redis_last_key_groups_scrape_duration_milliseconds",
                        "redis_last_slow_execution_duration_seconds",
                        "redis_slowlog_last_id",
                        "redis_slowlog_length",
                        "redis_target_scrape_request_errors_total");
    }

    @Test
    void aStaleReportHasNoSampleOfRedis() {
        report.set(report(ofRedis7(), "main").stale(Duration.ofSeconds(9)));

        assertThat(Exposition.parse(scrape()).types().keySet())
                .allMatch(name -> name.matches("(redis_warden|process|jvm)_.*"));
    }

    @Test
    void aServerMayAnswerAnything() {
        Random random = new Random(20_260_102);
        List<String> words = List.of(
                "-1",
                "NaN",
                "Infinity",
                "-Infinity",
                "1e999",
                "",
                "a\"b\\c\nd{e=\"f\"} 1",
                "\u0000\u001b",
                "\ud800",
                "x".repeat(500));
        for (int round = 0; round < 50; round++) {
            Map<String, String> info = new TreeMap<>(ofRedis7().info());
            info.replaceAll((name, value) -> random.nextBoolean() ? words.get(random.nextInt(words.size())) : value);
            info.put(
                    "db" + random.nextInt(99_999),
                    "keys=" + words.get(random.nextInt(words.size())) + ",expires=,=,=1");
            report.set(report(healthy().withInfo(info), "main"));

            assertThat(Exposition.parse(scrape()).series()).containsEntry("redis_up", 1.0);
            assertThat(text(metrics.contentType("application/openmetrics-text")))
                    .endsWith("# EOF\n");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*/*",
                "text/html",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7",
                ";;;,,,q=\u0000",
                "text/plain;version=1.0.0;escaping=allow-utf-8",
                "text/plain, application/openmetrics-text;q=0",
                "text/*, application/openmetrics-text;version=1.0.0;q=0.4"
            })
    void whoDoesNotAskForOpenMetricsGetsText(String accept) {
        assertThat(metrics.contentType(accept)).isEqualTo(TEXT);
    }

    @Test
    void whoAsksForOpenMetricsGetsIt() {
        String type = metrics.contentType(
                "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1");

        assertThat(type).startsWith("application/openmetrics-text; version=1.0.0");
        assertThat(text(type)).contains("# TYPE redis_warden_build info\n").endsWith("# EOF\n");
    }

    private String scrape() {
        return text(metrics.contentType(""));
    }

    private String text(String contentType) {
        return metrics.scrape(contentType).stream()
                .map(part -> new String(part, StandardCharsets.UTF_8))
                .collect(Collectors.joining());
    }

    private static Report report(Given given, String... names) {
        Snapshot snapshot = given.snapshot(names);
        return new Checkup(Checkup.STANDARD, Map.of()).examine(snapshot, Report.none(Given.NOW));
    }

    /** With INFO as a server once wrote it. */
    private static Given ofRedis7() {
        Map<String, String> info = new TreeMap<>(healthy().info());
        try {
            resource("info.txt").lines().filter(line -> line.contains(":")).forEach(line -> {
                int colon = line.indexOf(':');
                info.put(line.substring(0, colon), line.substring(colon + 1));
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return healthy()
                .withInfo(info)
                .withConfig("maxclients", "10000")
                .withConfig("maxmemory", "0")
                .withConfig("io-threads", "1");
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = MetricsTest.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
