package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of commands of {@code vps-golden-path.md}, in its order and as it is written there. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunbookLabTest {

    private static final Path RUNBOOK = Path.of("docs/vps-golden-path.md");

    /** What is broken before the section that mends it. */
    private static final Map<String, String> FAULTS = Map.of(
            "Redis is not running", "systemctl stop redis-server",
            "Redis will not survive a reboot", "systemctl disable redis-server",
            "MISCONF: no write is accepted",
                    "chown root: /var/lib/redis; chmod 0500 /var/lib/redis; redis-cli BGSAVE;"
                            + " until redis-cli PING | grep MISCONF; do sleep .05; done",
            "Redis is reached from elsewhere", "redis-cli CONFIG SET bind '* -::*'",
            "Queued tasks may be evicted", "redis-cli CONFIG SET maxmemory-policy allkeys-lru",
            "Tasks are queued and not carried out", "systemctl stop sum-acme-celery",
            "A restart would change what runs now", "redis-cli CONFIG SET maxmemory 100mb");

    /** redis-cli exits with 0 after an error of the server's unless it is told otherwise. */
    private static final String STRICT = "cd; redis-cli() { command redis-cli -e \"$@\"; }; ";

    private Lab lab;
    private boolean broken;

    @BeforeAll
    void up() {
        lab = GoldenSite.unprovisioned();
    }

    @AfterAll
    void close() {
        lab.close();
    }

    static Stream<Runbook.Section> sections() throws IOException {
        return new Runbook(RUNBOOK).sections();
    }

    @ParameterizedTest
    @MethodSource("sections")
    @Order(1)
    void aSectionDoesWhatItSays(Runbook.Section section) {
        Assumptions.assumeFalse(broken, "each builds on the one before");
        broken = true;
        var fault = FAULTS.get(section.title());
        if (fault != null) {
            lab.shell(fault).ok();
        }

        for (var block : section.blocks()) {
            lab.exec("bash", "-ec", STRICT + block).ok();
        }

        if (lab.shell("test -f /srv/sum/acme/deployed").exit() == 0) {
            lab.await(
                    "health after " + section,
                    Duration.ofSeconds(40),
                    "redis-warden check --env-file /srv/sum/acme/.env && curl -sf localhost:9180/health" + " && "
                            + GoldenSite.SCRIPTS + "smoke.sh");
        }
        broken = false;
    }

    @AfterEach
    void nothingHasFailed() {
        assertThat(lab.shell("systemctl list-units --failed --plain --no-legend")
                        .ok())
                .isEmpty();
    }

    @Test
    @Order(2)
    void everyFaultBelongsToASectionAndNoSentenceCallsRedisOptional() throws IOException {
        assertThat(sections().map(Runbook.Section::title)).containsAll(FAULTS.keySet());
        assertThat(Files.readString(RUNBOOK).replaceAll("\\s+", " "))
                .doesNotContainPattern("(?i)redis[^.]{0,40} optional");
    }
}
