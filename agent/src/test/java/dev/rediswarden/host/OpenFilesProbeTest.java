package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesProbeTest {

    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             7                    7                    processes
            Max open files            %s                 524288               files
            """;

    @TempDir
    private Path proc = Path.of("");

    @Test
    void theSoftLimitIsRead() throws IOException {
        limits(LIMITS.formatted("1024"));
        assertThat(read(Reading.known(812L))).isEqualTo(Reading.known(1024L));
        limits(LIMITS.formatted("unlimited"));
        assertThat(read(Reading.known(812L))).isEqualTo(Reading.known(Long.MAX_VALUE));
    }

    @Test
    void theLimitOfThisProcessIsUnderstood() {
        Reading<Long> own = new OpenFilesProbe(
                        "main", () -> Reading.known(ProcessHandle.current().pid()))
                .read();
        assertThat(own.optional().orElseThrow()).isPositive();
    }

    @Test
    void aHiddenProcessIsDeniedAndStrangeTextFails() throws IOException {
        assertThat(cause(read(Reading.known(812L)))).isEqualTo(Cause.DENIED);
        limits("Max open cans  1 2 3\n");
        assertThat(cause(read(Reading.known(812L)))).isEqualTo(Cause.FAILED);
    }

    @Test
    void withoutTheProcessItSaysWhy() {
        assertThat(read(Reading.unknown(Cause.TIMEOUT, "INFO of main")))
                .isEqualTo(Reading.unknown(Cause.TIMEOUT, "INFO of main"));
    }

    private Reading<Long> read(Reading<Long> pid) {
        return new OpenFilesProbe("main", () -> pid, proc).read();
    }

    private static Cause cause(Reading<?> reading) {
        return ((Unknown<?>) reading).cause();
    }

    private void limits(String text) throws IOException {
        Files.createDirectories(proc.resolve("812"));
        Files.writeString(proc.resolve("812/limits"), text);
    }
}
