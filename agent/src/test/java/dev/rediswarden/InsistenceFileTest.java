package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Insistence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is remembered survives a boot; what is damaged is begun anew. */
class InsistenceFileTest {

    private static final Instant THEN = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final long SEED = 20260102;

    private static final Map<String, Insistence> SOME = Map.of(
            "main/maxmemory", new Insistence("536870912", List.of(THEN, THEN.plusSeconds(9)), false, true),
            "main/save", new Insistence("", List.of(THEN), true, false),
            "/kernel/etc/sysctl.d/60-redis-warden.conf", new Insistence("a = 1\nb = 2\n", List.of(THEN), false, false));

    @TempDir
    private Path directory = Path.of("");

    private Path path = Path.of("");
    private InsistenceFile file = new InsistenceFile(path);

    @BeforeEach
    void here() {
        path = directory.resolve("insisted");
        file = new InsistenceFile(path);
    }

    @Test
    void whatIsWrittenIsReadAndNobodyElsesToRead() throws IOException {
        file.write(SOME);

        assertThat(file.read()).isEqualTo(SOME);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-------");
    }

    @Test
    void nothingIsNoFile() throws IOException {
        file.write(SOME);
        file.write(Map.of());

        assertThat(path).doesNotExist();
        assertThat(file.read()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "main/save",
                "main/save done",
                "main/save done !",
                "main/save gone MQ==",
                "main/save done MQ== yesterday",
                "main/save done MQ== 2026-01-02T03:04:05Z x",
                " done MQ==",
                "\u0000"
            })
    void whatIsNoneOfOursBeginsAnew(String text) throws IOException {
        Files.writeString(path, text + "\n");

        assertThat(file.read()).isEmpty();
        assertThat(path).doesNotExist();
    }

    /** One byte of a good file is another, or its end is missing. */
    @Test
    void whateverTheDamageItIsReadOrBegunAnew() throws IOException {
        file.write(SOME);
        byte[] good = Files.readAllBytes(path);
        Random random = new Random(SEED);
        for (int round = 0; round < 300; round++) {
            byte[] bytes = Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
            if (bytes.length > 0) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(path, bytes);
            assertThat(file.read()).as("seed %s, round %s", SEED, round).hasSizeLessThanOrEqualTo(4);
        }
    }
}
