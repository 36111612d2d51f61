package dev.rediswarden.lab;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every block of commands of {@code swarm.md}, in its order and as it is written there. */
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class SwarmRunbookLabTest {

    private static final Path RUNBOOK = Path.of("docs/swarm.md");

    private Swarm swarm;
    private boolean broken;

    @BeforeAll
    void up(@TempDir Path directory) throws IOException {
        swarm = Swarm.up(3);
        swarm.put(Path.of("swarm").toAbsolutePath(), "/srv");
        // The example inventory is of two nodes.
        var third = Files.writeString(
                directory.resolve("third.yml"),
                "all:\n  children:\n    swarm_workers:\n      hosts:\n        node3:\n");
        swarm.put(third, "/srv/swarm/inventory/example");
    }

    @AfterAll
    void close() {
        swarm.close();
    }

    static Stream<Runbook.Section> sections() throws IOException {
        return new Runbook(RUNBOOK).sections();
    }

    @ParameterizedTest
    @MethodSource("sections")
    void aSectionDoesWhatItSays(Runbook.Section section) {
        assumeFalse(broken, "each builds on the one before");
        broken = true;
        for (var block : section.blocks()) {
            swarm.exec(1, "", "timeout", "540", "bash", "-ec", "cd /srv/swarm; " + block)
                    .ok();
        }
        broken = false;
    }
}
