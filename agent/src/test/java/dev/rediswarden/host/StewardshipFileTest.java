package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                Map.of("done", 3L));

        file.write(state);

        assertThat(file.read()).isEqualTo(Reading.known(state));
        assertThat(directory).isDirectoryContaining(path -> path.endsWith("state"));
    }

    @Test
    void nothingWrittenIsNothingDone() {
        assertThat(new StewardshipFile(directory.resolve("none")).read()).isEqualTo(Reading.known(Stewardship.NONE));
    }

    @Test
    void nonsenseIsUnknown() throws IOException {
        Path state = Files.writeString(directory.resolve("state"), "paused until tomorrow\n");

        assertThat(new StewardshipFile(state).read()).isInstanceOf(Reading.Unknown.class);
    }
}
