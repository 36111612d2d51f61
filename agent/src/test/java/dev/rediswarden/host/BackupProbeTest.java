package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Unknown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupProbeTest {

    private static final String WHOLE = """
            backed_up_at=1767323045
            directory=/srv/sum/acme/backups/2026-01-02
            bytes=3145728
            drilled_at=1767236645
            drilled=/srv/sum/acme/backups/2026-01-01
            failed_at=1767150245
            failure=pg_dump: connection refused = no
            """;

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("backup");
    }

    @Test
    void everyLineIsTaken() throws IOException {
        assertThat(read(WHOLE))
                .isEqualTo(Reading.known(new Backup(
                        Optional.of(Instant.ofEpochSecond(1_767_323_045)),
                        "/srv/sum/acme/backups/2026-01-02",
                        OptionalLong.of(3 << 20),
                        Optional.of(Instant.ofEpochSecond(1_767_236_645)),
                        "/srv/sum/acme/backups/2026-01-01",
                        Optional.of(Instant.ofEpochSecond(1_767_150_245)),
                        "pg_dump: connection refused = no")));
    }

    @Test
    void noFileMeansThatNothingWasEverTold() {
        assertThat(probe().read()).isEqualTo(Reading.known(Backup.NONE));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backed_up_at=",
                "backed_up_at=-5",
                "backed_up_at= 5",
                "backed_up_at=yesterday",
                "backed_up_at=99999999999999999999",
                "backed_up_at=253402300800",
                "bytes=1.5",
                "bytes",
                "=5",
                "backedup_at=5",
                "failed_at=1\nfailed_at=2",
                "directory=/a\n\u0000",
            })
    void aLineThatMeansNothingMakesAllUnknown(String text) throws IOException {
        assertThat(read(WHOLE.replace("failed_at=1767150245\n", "")
                                .replaceAll("(?m)^(backed_up_at|bytes|directory)=.*\n", "")
                        + text))
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.detail()).contains("is no line that backup.sh writes"));
    }

    @Test
    void whatIsNoTextNorFileOrTooLargeIsUnknown() throws IOException {
        Files.write(file, new byte[] {(byte) 0xc3, 0x28});
        assertThat(detail()).endsWith("is no text");
        Files.writeString(file, "failure=" + "x".repeat(17 << 10));
        assertThat(detail()).contains("larger than 16 kB");
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(detail()).endsWith("is no file");
    }

    @Test
    void aPipeIsNotWaitedFor() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertThat(detail()).endsWith("is no file");
    }

    @Test
    void whateverStandsInItNoneIsThrown() throws IOException {
        Random random = new Random(20_260_108);
        byte[] whole = WHOLE.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = whole.clone();
            for (int change = 1 + random.nextInt(3); change > 0; change--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            assertThat(probe().read()).isNotNull();
        }
    }

    private Reading<Backup> read(String text) throws IOException {
        Files.writeString(file, text);
        return probe().read();
    }

    private String detail() {
        return ((Unknown<Backup>) probe().read()).detail();
    }

    private BackupProbe probe() {
        return new BackupProbe("acme", file);
    }
}
