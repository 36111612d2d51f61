package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Contested;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StewardshipFileTest {

    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsRead() throws IOException {
        StewardshipFile file = new StewardshipFile(directory.resolve("state"));
        Stewardship state = new Stewardship(
                Optional.of(Instant.parse("2026-01-02T03:04:05Z")),
                Map.of("redis-server.service", 2L),
                Map.of("redis-server.service", "gave up, because it failed"),
                Map.of("celery.service", "order celery.service: No space left on device"),
                Map.of("done", 3L),
                List.of(
                        new Contested("main", "save", "", "900 1 300 10", 2),
                        new Contested(Contested.KERNEL, "/proc/sys/vm/overcommit_memory", "0", "1", 2)));

        file.write(state);

        assertThat(file.read()).isEqualTo(Reading.known(state));
        assertThat(directory).isDirectoryContaining(path -> path.endsWith("state"));
    }

    @Test
    void nothingWrittenIsNothingDone() {
        assertThat(new StewardshipFile(directory.resolve("none")).read()).isEqualTo(Reading.known(Stewardship.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"paused until tomorrow", "contested main save", "contested main save\tx\t\t", "budget redis x"})
    void nonsenseIsUnknown(String line) throws IOException {
        Path state = Files.writeString(directory.resolve("state"), line + "\n");

        assertThat(new StewardshipFile(state).read()).isInstanceOf(Reading.Unknown.class);
    }
}
