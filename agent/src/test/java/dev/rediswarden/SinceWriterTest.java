package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Written when a status changes, on another thread than the cycle's. */
class SinceWriterTest {

    private static final Checkup CHECKUP = new Checkup(Checkup.STANDARD, Map.of());
    private static final Report NONE = Report.none(Given.NOW);
    private static final Report OK = CHECKUP.examine(Given.healthy().snapshot("main"), NONE);
    private static final Report DOWN = CHECKUP.examine(
            Given.healthy().with(Given.ping(Outcome.REFUSED, "refused")).snapshot("main"), OK);

    @TempDir
    private Path directory;

    private final Deque<Runnable> handed = new ArrayDeque<>();
    private Path path;
    private SinceWriter writer;

    @BeforeEach
    void intoTheStateDirectory() {
        path = directory.resolve("since");
        writer = new SinceWriter(new SinceFile(path), handed::add);
    }

    @Test
    void aChangeIsWrittenAndNothingElse() throws IOException {
        writer.published(NONE, OK);
        handed.remove().run();
        assertThat(path).content().contains("main ping ok " + Given.NOW);

        Files.delete(path);
        writer.published(OK, CHECKUP.examine(Given.healthy().snapshot("main"), OK));
        assertThat(handed).isEmpty();

        writer.published(OK, DOWN);
        handed.remove().run();
        assertThat(path).content().contains("main ping unhealthy " + Given.NOW);
    }

    /** The thread that would write hangs: the cycle goes on, no other thread is taken, and the newest is written. */
    @Test
    void aSlowDiskHoldsUpNobody() {
        writer.published(NONE, OK);
        for (int round = 0; round < 100; round++) {
            writer.published(OK, DOWN);
            writer.published(DOWN, OK);
        }
        writer.published(OK, DOWN);

        assertThat(handed).hasSize(1);
        handed.remove().run();
        assertThat(path).content().contains("main ping unhealthy");

        writer.published(DOWN, OK);
        assertThat(handed).as("the next change is written again").hasSize(1);
    }

    @Test
    void whatCannotBeWrittenIsTriedAgainWithTheNextChange() throws IOException {
        Files.createDirectories(path.resolve("in the way"));
        writer.published(NONE, OK);
        handed.remove().run();

        Files.delete(path.resolve("in the way"));
        Files.delete(path);
        writer.published(OK, DOWN);
        handed.remove().run();
        assertThat(path).content().contains("main ping unhealthy");
    }
}
