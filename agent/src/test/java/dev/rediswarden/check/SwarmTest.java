package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSwarm;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SwarmState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a Redis in a Swarm is told of, and that others are told nothing of it. */
class SwarmTest {

    private static final List<String> OF_SERVICES = List.of("service", "exposure", "limits", "volume");

    @Test
    void aRedisThatNoSwarmRunsIsToldNothingOfOne() {
        assertThat(report(Given.healthy()).results())
                .extracting(CheckResult::check)
                .doesNotContainAnyElementsOf(OF_SERVICES);
    }

    /** What cannot be seen from another container is switched off by itself, and not unknown for ever. */
    @Test
    void nothingOfAHealthyOneIsUnknown() {
        Report report = report(GivenSwarm.given(GivenSwarm.healthy())
                .withConfig("dir", "/data")
                .withListeners(Given.unknown())
                .withKernel(Given.unknown())
                .withConfFile(Given.unknown())
                .withFiles(Given.unknown())
                .withOpenFiles(Given.unknown()));

        assertThat(report.results())
                .filteredOn(result -> result.status() != Status.OFF)
                .allSatisfy(result -> assertThat(result.status())
                        .as("%s: %s", result.check(), result.verdict().detail())
                        .isEqualTo(Status.OK));
        assertThat(report.results())
                .filteredOn(result -> result.status() == Status.OFF)
                .extracting(CheckResult::check)
                .contains("unit", "identity", "ordering", "binding", "files", "kernel", "drift");
        assertThat(report.results()).extracting(CheckResult::check).containsAll(OF_SERVICES);
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void withoutDockersAnswerTheyAreUnknownAndTheRestIsAsItWas(Cause cause) {
        Report report = report(Given.healthy()
                .with(new SwarmState(
                        "app_redis", GivenSwarm.ENGINE, Reading.unknown(cause, "there is no /run/docker.sock"))));

        OF_SERVICES.forEach(check -> {
            CheckResult result = report.result(check).orElseThrow();
            assertThat(result.status()).isEqualTo(Status.UNKNOWN);
            assertThat(result.verdict().detail()).contains("there is no /run/docker.sock");
            assertThat(result.verdict().remedy()).isPresent();
        });
        assertThat(report.result("ping").orElseThrow().status()).isEqualTo(Status.OK);
        assertThat(report.health()).isEqualTo(Health.DEGRADED);
    }

    /** The group docker is as good as root: it is not what a remedy asks for. */
    @Test
    void whoIsRefusedIsToldOfAProxyAndNotOfTheGroup() {
        SwarmState refused = new SwarmState(
                "app_redis",
                new Engine(new Engine.Unix("/run/docker.sock"), Duration.ofSeconds(2)),
                Reading.unknown(Cause.DENIED, "this user may not connect to /run/docker.sock"));

        assertThat(report(Given.healthy().with(refused))
                        .result("service")
                        .orElseThrow()
                        .verdict()
                        .remedy()
                        .orElseThrow())
                .contains("a proxy that lets GET through alone")
                .doesNotContain("usermod");
    }

    @Test
    void aServiceThatIsNotThereIsUnhealthy() {
        SwarmState absent = new SwarmState("app_redis", GivenSwarm.ENGINE, Reading.known(Optional.empty()));

        assertThat(report(Given.healthy().with(absent))
                        .result("service")
                        .orElseThrow()
                        .status())
                .isEqualTo(Status.UNHEALTHY);
    }

    /** Nobody on a manager can look up the service's name; in its container it is this host's. */
    @Test
    void remediesForRedisGoIntoItsContainer() {
        Given given = GivenSwarm.given(GivenSwarm.healthy()).withInfo("maxmemory", "0");

        assertThat(report(given)
                        .result("memory")
                        .orElseThrow()
                        .verdict()
                        .remedy()
                        .orElseThrow())
                .startsWith("docker exec -it $(docker ps -q -f label=com.docker.swarm.service.name=app_redis) redis-cli"
                        + " --askpass CONFIG SET maxmemory ")
                .doesNotContain("REWRITE");
    }

    private static Report report(Given given) {
        return new Checkup(Checkup.STANDARD, Map.of()).examine(given.snapshot("main"), Report.none(NOW));
    }
}
