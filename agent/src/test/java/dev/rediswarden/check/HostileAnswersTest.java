package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A server may answer anything: no check throws, and none takes nonsense for ok. */
class HostileAnswersTest {

    private static final int ROUNDS = 1_000;
    private static final List<String> WORDS = List.of(
            "",
            "0",
            "1",
            "-1",
            "9223372036854775807",
            "-9223372036854775808",
            "1e308",
            "NaN",
            "Infinity",
            "nan",
            "yes",
            "no",
            "ok",
            "err",
            "slave",
            "master",
            "noeviction",
            "* -::*",
            "0.0.0.0",
            "3600 1 300",
            "9223372036854775807 1",
            "%s%n%d",
            "$(reboot)",
            "\u0000\u001b[31m\n",
            "\ud800",
            "x".repeat(1_000));

    private final Random random = new Random(20_260_102);

    @Test
    void noCheckThrows() {
        for (int round = 0; round < ROUNDS; round++) {
            Given given = shaken(healthy());
            Snapshot snapshot = given.snapshot("main");
            for (Check check : Checkup.STANDARD) {
                Verdict verdict = check.examine(snapshot.instances().get(0), snapshot);
                assertThat(verdict.detail()).isNotBlank().doesNotContain("\u001b", "\n");
                assertThat(verdict.remedy().orElse("")).doesNotContain("\u001b", "\n");
            }
        }
    }

    @Test
    void nothingTellsOkOfAFieldThatIsMissing() {
        Map<String, List<String>> needed = Map.of(
                "role", List.of("writable"),
                "used_memory", List.of("writable", "memory"),
                "maxmemory", List.of("writable", "memory"),
                "rdb_last_bgsave_status", List.of("persistence"),
                "aof_last_write_status", List.of("persistence"),
                "aof_enabled", List.of("persistence"));
        needed.forEach((field, checks) -> {
            Report report = report(healthy().withoutInfo(field));
            checks.forEach(
                    check -> assertThat(report.result(check).orElseThrow().status())
                            .as(check + " without " + field)
                            .isEqualTo(Status.UNKNOWN));
        });
    }

    @Test
    void anEmptyServerIsOkInNothingButItsAnswer() {
        Report report = report(healthy()
                .withInfo(Map.of())
                .withConfig(Reading.known(Map.of()))
                .withConfFile(Given.unknown())
                .withListeners(Given.unknown())
                .withFiles(Given.unknown()));

        assertThat(report.results().stream()
                        .filter(result -> result.status() == Status.OK)
                        .map(CheckResult::check))
                .as("what is proven otherwise than by INFO and CONFIG")
                .containsExactly("ping", "unit", "ordering", "auth", "celery");
    }

    private static Report report(Given given) {
        return new Checkup(Checkup.STANDARD, Map.of()).examine(given.snapshot("main"), Report.none(NOW));
    }

    private Given shaken(Given given) {
        return given.withInfo(shaken(given.info()))
                .withConfig(given.config().map(this::shaken))
                .withConfFile(given.confFile().map(this::shaken));
    }

    private Map<String, String> shaken(Map<String, String> fields) {
        Map<String, String> out = new TreeMap<>(fields);
        List<String> names = new ArrayList<>(out.keySet());
        names.addAll(List.of("tls-port", "cluster-enabled", "rdb_last_save_time", "rdb_changes_since_last_save"));
        for (int i = random.nextInt(6); i >= 0; i--) {
            String name = names.get(random.nextInt(names.size()));
            if (random.nextInt(4) == 0) {
                out.remove(name);
            } else {
                out.put(name, WORDS.get(random.nextInt(WORDS.size())));
            }
        }
        return out;
    }
}
