package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Debian's redis_exporter and redis-warden side by side at one Redis: a scrape's target can move, and nothing is missing. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class ExporterLabTest {

    private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)\\})? (\\S+)");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** What tells of the asking itself, or of moments, is told of another moment by each. */
    private static final Pattern MOMENT = Pattern.compile(
            ".*(duration|latency|_time_|_usec|cpu_|slow|client|commands|bytes_total|reads|writes|uptime|exporter_).*");

    /** Of both: a quarter, and some pages of memory. */
    private static final double SHARE = 0.25;

    private static final double PAGES = 1 << 20;

    private Lab lab;

    @BeforeAll
    void sideBySide() {
        lab = Lab.up("site");
        lab.install(InstalledLabs.deb()).ok();
        lab.shell(
                        "redis-cli CONFIG SET appendonly yes; redis-cli CONFIG SET slowlog-log-slower-than 0;"
                                + " redis-cli SET key value EX 1000; redis-cli LPUSH list a b c; redis-cli FOO;"
                                + " systemd-run -q --unit=exporter prometheus-redis-exporter -web.listen-address 127.0.0.1:9121")
                .ok();
        lab.await("the exporter", "curl -s localhost:9121/metrics | grep -q '^redis_up 1'");
        // Its own questions are commands as well, which the next look at Redis shows.
        lab.await(
                "a look at Redis after the exporter's",
                "curl -s localhost:9121/metrics >/run/theirs; curl -s localhost:9180/metrics >/run/ours;"
                        + " grep -q 'redis_commands_total{cmd=\"latency|latest\"}' /run/ours");
    }

    @AfterAll
    void down() {
        lab.close();
    }

    @Test
    void noFamilyIsMissingAndEachIsOfItsType() {
        assertThat(types("/run/ours")).containsAllEntriesOf(types("/run/theirs"));
    }

    @Test
    void noSeriesIsMissing() {
        Set<String> ours = samples("/run/ours").keySet();

        assertThat(samples("/run/theirs").keySet())
                .filteredOn(series -> !series.startsWith("redis_exporter_build_info"))
                .allSatisfy(series -> assertThat(ours).contains(series));
    }

    @Test
    void whatStandsStillIsTheSame() {
        Map<String, Double> ours = samples("/run/ours");
        Map<String, Double> compared = new TreeMap<>(samples("/run/theirs"));
        compared.keySet().removeIf(series -> MOMENT.matcher(series).matches());

        assertThat(compared).hasSizeGreaterThan(60).allSatisfy((series, value) -> {
            double bound = series.contains("bytes") || series.contains("mem") ? PAGES : 1;
            assertThat(Math.abs(ours.getOrDefault(series, Double.NaN) - value))
                    .as(series + ": " + ours.get(series) + " and theirs " + value)
                    .isLessThanOrEqualTo(Math.max(bound, Math.abs(value) * SHARE));
        });
    }

    private Map<String, String> types(String file) {
        Map<String, String> types = new TreeMap<>();
        lab.shell("grep '^# TYPE redis_' " + file)
                .ok()
                .lines()
                .map(line -> line.split(" ", -1))
                .forEach(words -> types.put(words[2], words[3]));
        return types;
    }

    /** By name and labels, these in the order of their names. */
    private Map<String, Double> samples(String file) {
        Map<String, Double> samples = new TreeMap<>();
        lab.shell("grep '^redis_' " + file).ok().lines().forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Map<String, String> labels = new TreeMap<>();
            if (sample.group(2) != null) {
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    labels.put(label.group(1), label.group(2));
                }
            }
            samples.put(sample.group(1) + labels, Double.parseDouble(sample.group(3)));
        });
        return samples;
    }
}
