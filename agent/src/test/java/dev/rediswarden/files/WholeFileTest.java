package dev.rediswarden.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The old text or the new, nobody else's file, and nothing left beside it. */
class WholeFileTest {

    @TempDir
    private Path directory = Path.of("");

    private Path path = Path.of("");

    @BeforeEach
    void here() {
        path = directory.resolve("state");
    }

    @Test
    void theNewTextIsInItsPlaceWithItsModeAndNothingBesideIt() throws IOException {
        Files.writeString(path, "a text that was longer");
        new WholeFile(path, true).replace("new".getBytes(UTF_8), "rw-r-----");

        assertThat(path).hasContent("new");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-r-----");
        assertThat(directory).isDirectoryContaining(path::equals).isDirectoryNotContaining("glob:**.redis-warden");
    }

    @Test
    void whatCannotBeFinishedLeavesTheOldTextAlone() throws IOException {
        Files.writeString(path, "old");

        assertThatThrownBy(() -> new WholeFile(path, false).replace("new".getBytes(UTF_8), beside -> {
                    throw new IOException("no");
                }))
                .hasMessage("no");

        assertThat(path).hasContent("old");
        assertThat(directory).isDirectoryNotContaining("glob:**.redis-warden");
    }

    /** Whoever owns the directory may have put it there. */
    @Test
    void aLinkBesideItOrInItsPlaceIsReplacedAndNotFollowed() throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "another's");
        Files.createSymbolicLink(WholeFile.beside(path), other);
        Files.createSymbolicLink(path, other);

        new WholeFile(path, false).replace("new".getBytes(UTF_8), "rw-------");

        assertThat(other).hasContent("another's");
        assertThat(path).isRegularFile().hasContent("new");
        assertThat(Files.isSymbolicLink(path)).isFalse();
    }

    @Test
    void untilItIsFinishedOnlyItsOwnerMayReadIt() throws IOException {
        new WholeFile(path, false)
                .replace(
                        "secret".getBytes(UTF_8),
                        beside -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(beside)))
                                .isEqualTo("rw-------"));

        assertThat(path).hasContent("secret");
    }
}
