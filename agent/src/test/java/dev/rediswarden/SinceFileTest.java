package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Past;
import dev.rediswarden.check.Past.Standing;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one run of the agent leaves for the next, and all that may lie there instead. */
class SinceFileTest {

    private static final long SEED = 20_260_103;
    private static final Instant NOW = Given.NOW;
    private static final Instant YESTERDAY = NOW.minusSeconds(86_400);
    private static final String TITLE = "# redis-warden: the status of each check, and since when\n";

    @TempDir
    private Path directory;

    private Path path;
    private SinceFile file;

    @BeforeEach
    void inTheStateDirectory() {
        path = directory.resolve("since");
        file = SinceFile.of(Map.of("STATE_DIRECTORY", directory.toString())).orElseThrow();
    }

    @Test
    void whatIsSoAndWasSoHasBeenSoSinceThen() throws IOException {
        file.write(List.of(standing("main", "ping", Status.OK), standing("main", "memory", Status.DEGRADED)));

        assertThat(since("ping")).as("ok then, and now").isEqualTo(YESTERDAY);
        assertThat(since("memory")).as("ok now, and not then").isEqualTo(NOW);
        assertThat(since("drift")).as("not there then").isEqualTo(NOW);
        assertThat(directory)
                .isDirectoryContaining(there -> there.equals(path))
                .isDirectoryNotContaining("glob:**.redis-warden");
    }

    @Test
    void whatIsNotWatchedAnyMoreIsLeftOut() throws IOException {
        file.write(List.of(standing("gone", "ping", Status.OK), standing("main", "gone", Status.OK)));
        file.write(Past.of(report()));

        assertThat(Files.readAllLines(path))
                .noneMatch(line -> line.contains("gone"))
                .hasSize(1 + Checkup.STANDARD.size());
    }

    @Test
    void whatTheAgentSaysOfItselfIsNotKept() {
        assertThat(Past.of(Report.none(NOW))).isEmpty();
    }

    @Test
    void nothingThereIsNoTrouble() {
        assertThat(since("ping")).isEqualTo(NOW);
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aTimeThatIsStillToComeIsNotBelieved() throws IOException {
        Files.writeString(path, TITLE + "main ping ok " + NOW.plusSeconds(1) + "\nmain drift ok " + YESTERDAY + "\n");

        assertThat(since("ping")).isEqualTo(NOW);
        assertThat(since("drift")).isEqualTo(YESTERDAY);
    }

    @Test
    void whatIsNoneOfOursIsSetAside() throws IOException {
        List<String> foreign = List.of(
                "",
                "\n",
                "main ping ok " + YESTERDAY,
                TITLE + "main ping ok\n",
                TITLE + "main ping fine " + YESTERDAY + "\n",
                TITLE + "main ping ok yesterday\n",
                TITLE + "main ping ok +1000000001-01-01T00:00:00Z\n",
                TITLE + "../main ping ok " + YESTERDAY + "\n",
                TITLE + "main ping ok " + YESTERDAY + " \n",
                TITLE + "x".repeat(2 << 20));
        for (String text : foreign) {
            Files.writeString(path, text);

            assertThat(since("ping")).as(text).isEqualTo(NOW);
            assertThat(path).doesNotExist();
            assertThat(path.resolveSibling("since.bad")).hasContent(text);
        }
    }

    @Test
    void whatIsNoFileIsSetAside() throws IOException, InterruptedException {
        Files.createDirectory(path);
        assertThat(since("ping")).isEqualTo(NOW);
        assertThat(path).doesNotExist();
        Files.delete(path.resolveSibling("since.bad"));

        Files.createSymbolicLink(path, Path.of("/dev/zero"));
        assertThat(since("ping")).isEqualTo(NOW);
        assertThat(path).doesNotExist();

        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        assertThat(since("ping")).isEqualTo(NOW);
        assertThat(path).doesNotExist();
    }

    /** One byte of a good file is another, or its end is missing. */
    @Test
    void whateverTheDamageTheAnswerIsOfTheFormOrNone() throws IOException {
        file.write(Past.of(report()));
        byte[] good = Files.readAllBytes(path);
        Random random = new Random(SEED);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            if (bytes.length > TITLE.length()) {
                bytes[TITLE.length() + random.nextInt(bytes.length - TITLE.length())] = (byte) random.nextInt(256);
            }
            Files.write(path, bytes);
            try {
                assertThat(file.standings(NOW))
                        .as("seed %s, round %s", SEED, round)
                        .allSatisfy(standing -> {
                            assertThat(standing.since()).isBeforeOrEqualTo(NOW);
                            assertThat(standing.check()).matches("[a-z0-9_-]+");
                        });
            } catch (IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isBetween(90, 299);
    }

    @Test
    void withoutAStateDirectoryNothingIsKept() {
        assertThat(SinceFile.of(Map.of())).isEmpty();
        assertThat(SinceFile.of(Map.of("STATE_DIRECTORY", ""))).isEmpty();
        assertThat(SinceFile.of(Map.of("STATE_DIRECTORY", "relative"))).isEmpty();
        assertThat(SinceFile.of(Map.of("STATE_DIRECTORY", "/one:/two")))
                .hasValueSatisfying(there -> assertThat(there).hasToString("/one/since"));
    }

    private static Standing standing(String instance, String check, Status status) {
        return new Standing(instance, check, status, YESTERDAY);
    }

    private static Report report() {
        return Checkup.repeated(Map.of(), Past.NONE).examine(Given.healthy().snapshot("main"), Report.none(NOW));
    }

    private Instant since(String check) {
        return Checkup.repeated(Map.of(), file.read(NOW))
                .examine(Given.healthy().snapshot("main"), Report.none(NOW))
                .result(check)
                .orElseThrow()
                .since();
    }
}
