package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the file system of a temporary directory says, beside what stat(1) says of it. */
class FreeInodesTest {

    @Test
    void asManyAsStatTells(@TempDir Path directory) throws IOException {
        assertThat(FreeInodes.on(directory).orElse(0)).isCloseTo(told(directory), Percentage.withPercentage(1));
    }

    @Test
    void whatCannotBeAskedIsNoFigure(@TempDir Path directory) {
        assertThatThrownBy(() -> FreeInodes.on(directory.resolve("absent")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("absent");
    }

    private static long told(Path directory) throws IOException {
        Process stat = new ProcessBuilder("stat", "-f", "-c", "%d", directory.toString()).start();
        return Long.parseLong(new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
}
