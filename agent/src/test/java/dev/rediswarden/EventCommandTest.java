package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.history.Event;
import dev.rediswarden.history.EventFiles;
import dev.rediswarden.history.EventLog;
import dev.rediswarden.history.Turnstile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a deploy leaves for the daemon to read, which is another user. */
class EventCommandTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    @Test
    void aDeployIsToldToEverybody() throws IOException {
        EventLog log = new EventLog(directory.resolve("events/events"), "rw-r--r--");
        EventCommand.write(log, "1a2b3c", "acme", "is deployed", () -> NOW);
        EventCommand.write(log, "v2.0", "", "", () -> NOW.plusSeconds(1));

        assertThat(new EventFiles(List.of(log), () -> NOW.plusSeconds(2), new Turnstile()).newest(10))
                .containsExactly(
                        new Event(NOW.plusSeconds(1), Event.Kind.DEPLOY, "", "", "v2.0"),
                        new Event(NOW, Event.Kind.DEPLOY, "", "acme", "1a2b3c: is deployed"));
        assertThat(Files.getPosixFilePermissions(log.file())).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(Files.getPosixFilePermissions(directory.resolve("events")))
                .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
