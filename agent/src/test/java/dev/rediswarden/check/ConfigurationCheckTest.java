package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Configuration;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationCheckTest {

    private static final String FILE = "/etc/redis-warden/redis-warden.toml";

    @Test
    void oneThatCanBeUsedIsOkAndOneOfTheChecks() {
        Report report = report(new Configuration(FILE, List.of()));

        assertThat(report.summary()).isEqualTo("ok: 18 checks passed");
        assertThat(report.result("configuration").orElseThrow().verdict().detail())
                .isEqualTo(FILE + " can be used");
    }

    @Test
    void oneThatCannotDegradesTheWholeAndSaysWhatFollows() {
        Report report = report(new Configuration(FILE, List.of(FILE + ":2: cycle.fats is not known", "b")));

        assertThat(report.isCurrent()).isTrue();
        assertThat(report.summary())
                .isEqualTo("degraded: configuration: " + FILE + ":2: cycle.fats is not known (and 1 more): what was"
                        + " loaded before is in force, and the next restart of redis-warden fails with exit code 78");
        assertThat(report.result("configuration").orElseThrow().verdict().remedy())
                .hasValue("sudo redis-warden config && sudo systemctl reload redis-warden.service");
    }

    @Test
    void anotherFileIsNamedInTheCommand() {
        assertThat(ConfigurationCheck.examine(
                                Reading.known(new Configuration("/srv/a b.toml", List.of("/srv/a b.toml: is bad"))))
                        .remedy()
                        .orElseThrow())
                .startsWith("sudo redis-warden config --config '/srv/a b.toml' && ");
    }

    @Test
    void oneThatCouldNotBeReadInTimeIsUnknown() {
        assertThat(ConfigurationCheck.examine(Reading.unknown(Cause.TIMEOUT, "it hangs"))
                        .status())
                .isEqualTo(Status.UNKNOWN);
    }

    @Test
    void withoutAnAgentAtWorkItIsNoCheck() {
        Report once = new Checkup(Checkup.STANDARD, Map.of()).examine(healthy().snapshot("main"), Report.none(NOW));

        assertThat(once.result("configuration")).isEmpty();
    }

    private static Report report(Configuration onDisk) {
        return new Checkup(Checkup.STANDARD, Map.of())
                .examine(Given.with(healthy().snapshot("main"), onDisk), Report.none(NOW));
    }
}
