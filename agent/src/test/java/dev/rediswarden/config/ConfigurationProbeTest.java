package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next start would find, seen while this one runs. */
class ConfigurationProbeTest {

    @TempDir
    private Path directory;

    private Path file = Path.of("");
    private ConfigurationProbe probe = new ConfigurationProbe(file);

    @BeforeEach
    void aGoodOneIsLoaded() throws IOException, ConfigException {
        file = directory.resolve("redis-warden.toml");
        write("[cycle]\nfast = \"2s\"\n");
        probe = new ConfigurationProbe(file);
        assertThat(probe.load().fast()).hasSeconds(2);
    }

    @Test
    void whatWasLoadedCanBeUsed() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void aFileThatWasSpoiledSinceIsToldUntilItIsMended() throws IOException {
        write("[cycle]\nfats = \"2s\"\n");
        assertThat(problems()).singleElement().asString().startsWith(file + ":2: cycle.fats is not known");
        write("[cycle]\nfast = \"3s\"\n");
        assertThat(problems()).isEmpty();
    }

    /** It is told to who scrapes from afar, too. */
    @Test
    void whatMayBeASecretInTheWrongPlaceIsNotTold() throws IOException {
        for (String key : List.of("password", "password_file", "timeout", "url")) {
            write("[[redis]]\n" + key + " = \"hunter2\"\n");
            assertThat(problems())
                    .isNotEmpty()
                    .allSatisfy(problem ->
                            assertThat(problem).contains("redis.main." + key).doesNotContain("hunter2"));
        }
    }

    @Test
    void aLoadThatFailedIsToldWithEveryProblem() throws IOException {
        write("a = 1\nb = 2\n");
        assertThatThrownBy(() -> probe.load()).isInstanceOf(ConfigException.class);
        assertThat(problems()).hasSize(2);
    }

    @Test
    void aSiteBesideItCounts() throws IOException {
        Path beside = Files.createDirectory(directory.resolve("conf.d")).resolve("shop.toml");
        assertThat(problems()).isEmpty();
        Files.writeString(beside, "[[site]]\nname = \"shop\"\n");
        assertThat(problems()).singleElement().asString().startsWith(beside + ":2: ");
        Files.delete(beside);
        assertThat(problems()).isEmpty();
    }

    @Test
    void whatItNamesIsLookedForAgainThoughTheFileIsAsItWas() throws IOException {
        Path password = directory.resolve("redis.password");
        write("[[redis]]\npassword_file = \"" + password + "\"\n");
        assertThat(problems()).hasSize(1);
        Files.createFile(password, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThat(problems()).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsTold() throws IOException {
        Files.delete(file);
        assertThat(problems()).containsExactly(file + ": there is no such file");
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private List<String> problems() {
        return probe.read().optional().orElseThrow().problems();
    }
}
