package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Redis writes is read; whatever else is unknown, with the line. */
@Timeout(30)
class AofManifestTest {

    private static final String BASE = "file a.1.base.rdb seq 1 type b\n";
    private static final String INCREMENT = "file a.1.incr.aof seq 1 type i\n";

    @TempDir
    private Path dir = Path.of("");

    @BeforeEach
    void theFiles() throws IOException {
        Files.writeString(dir.resolve("a.1.base.rdb"), "");
        Files.writeString(dir.resolve("a.1.incr.aof"), "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BASE + INCREMENT,
                INCREMENT + BASE,
                INCREMENT,
                "# a comment, and one without an end\n" + BASE + "#",
                "file a.1.base.rdb seq 1 type b\r\n",
                " file  a.1.base.rdb\tseq 1 type b \n",
                "type b seq 1 FILE a.1.base.rdb\n",
                "file a.1.base.rdb seq 1 type b startoffset 12\n",
                "file \"a.1.base.rdb\" seq 1 type b\n",
                "file \"\\x61.1\\.base.rdb\" seq 1 type b\n",
                "file gone.9.incr.aof seq 9 type h\n" + BASE
            })
    void whatRedisReadsIsRead(String manifest) throws IOException {
        assertThat(lacking(manifest)).isEqualTo(Reading.known(List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense\n",
                "\n",
                "file a.1.base.rdb seq 1 type b",
                "file a.1.base.rdb seq 1\n",
                "file a.1.base.rdb seq 1 type b more\n",
                "file a.1.base.rdb seq 0 type b\n",
                "file a.1.base.rdb seq -1 type b\n",
                "file a.1.base.rdb seq one type b\n",
                "file a.1.base.rdb seq 99999999999999999999 type b\n",
                "file a.1.base.rdb seq 1 type x\n",
                "file ../a.1.base.rdb seq 1 type b\n",
                "file /etc/passwd seq 1 type b\n",
                "file .. seq 1 type b\n",
                "file \"\" seq 1 type b\n",
                "file \"a.1.base.rdb seq 1 type b\n",
                "file \"a\"b seq 1 type b\n",
                "file \"a\\x00\" seq 1 type b\n",
                "file a\0b seq 1 type b\n"
            })
    void aLineThatRedisDoesNotWriteIsNamed(String line) throws IOException {
        assertThat(lacking("# first\n" + line + INCREMENT))
                .isEqualTo(Reading.unknown(
                        Cause.FAILED, dir.resolve("a.manifest") + ", line 2, is not what Redis writes there"));
    }

    @Test
    void theSameTwiceIsNotUnderstood() throws IOException {
        assertThat(lacking(BASE + BASE).optional()).isEmpty();
        assertThat(lacking(INCREMENT + INCREMENT).optional()).isEmpty();
        assertThat(lacking("file a.1.incr.aof seq 2 type i\n" + INCREMENT).optional())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing else\n", "file a.1.incr.aof seq 1 type h\n"})
    void aManifestThatNamesNothingToLoadIsUnknown(String manifest) throws IOException {
        assertThat(lacking(manifest).toString()).contains("a.manifest names no file that a restart would load");
    }

    @Test
    void aLineThatIsTooLongForRedisIsNamed() throws IOException {
        assertThat(lacking("file " + "x".repeat(1100) + " seq 1 type b\n").toString())
                .contains("line 1");
        assertThat(lacking("file \"" + "\\n".repeat(490) + "\" seq 1 type b\n").optional())
                .as("a name that no file can have")
                .isEmpty();
    }

    @Test
    void aManifestOfMoreThanAMebibyteIsUnknown() throws IOException {
        assertThat(lacking("#\n".repeat(1 << 20) + BASE).toString()).contains("larger than a manifest");
    }

    @Test
    void aLinkIsFollowedAndADanglingOneIsMissing() throws IOException {
        Files.createSymbolicLink(dir.resolve("a.2.incr.aof"), dir.resolve("a.1.incr.aof"));
        Files.createSymbolicLink(dir.resolve("a.3.incr.aof"), dir.resolve("gone"));

        assertThat(lacking("file a.2.incr.aof seq 2 type i\nfile a.3.incr.aof seq 3 type i\n"))
                .isEqualTo(Reading.known(List.of("a.3.incr.aof")));
    }

    @Test
    void aLinkToItselfIsUnknown() throws IOException {
        Files.createSymbolicLink(dir.resolve("a.2.incr.aof"), dir.resolve("a.2.incr.aof"));

        assertThat(lacking("file a.2.incr.aof seq 2 type i\n").optional()).isEmpty();
    }

    @Test
    void whatIsNoFileIsNotReadAndHoldsNothingUp() throws Exception {
        Path manifest = dir.resolve("a.manifest");
        assertThat(new ProcessBuilder("mkfifo", manifest.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();

        assertThat(AofManifest.lacking(manifest, dir).toString()).contains("a.manifest is no file");
        assertThat(AofManifest.lacking(dir, dir).optional()).isEmpty();
    }

    @Test
    void itsOwnNameIsToldWhereItIsMissing() {
        assertThat(AofManifest.lacking(dir.resolve("a.manifest"), dir)).isEqualTo(Reading.known(List.of("a.manifest")));
    }

    private Reading<List<String>> lacking(String manifest) throws IOException {
        Path file = Files.write(dir.resolve("a.manifest"), manifest.getBytes(ISO_8859_1));
        return AofManifest.lacking(file, dir);
    }
}
