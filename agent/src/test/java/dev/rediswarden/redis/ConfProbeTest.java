package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfProbeTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "save 3600 1;save 300 100|3600 1 300 100",
                "save 3600 1 300 100|3600 1 300 100",
                "save \"3600 1  300 100\"|3600 1 300 100",
                "save 3600 1;SAVE \"\"|``",
                "save 3600 1;save '';save 60 1|60 1",
                "save \"\"|``",
            })
    void savePointsAddUpUntilCleared(String conf, String save) throws Exception {
        assertThat(fields(conf.replace(';', '\n')).text("save")).contains(save);
    }

    @Test
    void whatTheFileDoesNotSayIsAbsent() throws Exception {
        assertThat(fields("# save 1 1\n\n   \t# port 1\n").values()).containsOnlyKeys("config_file");
    }

    @Test
    void aDirectoryIsToldAsTheServerShowsIt() throws Exception {
        Path real = Files.createDirectory(directory.resolve("real"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        assertThat(fields("dir " + link).text("dir")).contains(real.toRealPath().toString());
        assertThat(fields("dir /no/such/directory").text("dir")).contains("/no/such/directory");
    }

    @Test
    void includesCountWhereTheyStand() throws Exception {
        Files.createDirectories(directory.resolve("conf.d/a"));
        Files.writeString(directory.resolve("conf.d/10.conf"), "maxclients 10\nport 10\n");
        Files.writeString(directory.resolve("conf.d/20.conf"), "port 20");
        Files.writeString(directory.resolve("conf.d/.30.conf"), "port 30");
        Files.writeString(directory.resolve("conf.d/a/x1"), "timeout 7");
        Fields fields = fields("port 1\nmaxclients 1\ninclude " + directory + "/conf.d/*.conf\nmaxclients 2\n"
                + "include " + directory + "/conf.?/[!b]/x[0-9]\ninclude " + directory + "/none/*.conf");
        assertThat(fields.text("port")).contains("20");
        assertThat(fields.text("maxclients")).contains("2");
        assertThat(fields.text("timeout")).contains("7");
    }

    @Test
    void aRelativeIncludeIsTakenFromTheDirectoryThatWasEntered() throws Exception {
        Files.writeString(directory.resolve("more.conf"), "port 7000");
        assertThat(fields("dir " + directory + "\ninclude more.conf").text("port"))
                .contains("7000");
    }

    @Test
    void noSecretIsAmongTheFields() throws Exception {
        Fields fields = fields("""
                requirepass hidden
                MasterAuth hidden
                masteruser hidden
                primaryauth hidden
                tls-key-file-pass hidden
                user warden on >hidden
                sentinel auth-pass main hidden
                rename-command CONFIG hidden
                loadmodule /x.so --password hidden
                tls-auth-clients no
                port 1
                """);
        assertThat(fields.values()).containsOnlyKeys("port", "tls-auth-clients", "config_file", "loadmodule");
        assertThat(fields.text("loadmodule")).contains("/x.so");
    }

    @ParameterizedTest
    @CsvSource({
        "port \"1, unbalanced quotes",
        "port '1'2, unbalanced quotes",
        "include /nonexistent/redis.conf, /nonexistent/redis.conf",
    })
    void whatRedisWouldNotStartWithIsSaidWithItsLine(String line, String problem) throws Exception {
        Path file = Files.writeString(directory.resolve("redis.conf"), "bind 127.0.0.1\n" + line + "\nport 7000");
        assertThat(unknown(file).cause()).isEqualTo(Cause.FAILED);
        assertThat(unknown(file).detail()).contains("redis.conf:2").contains(problem);
        // A connection still goes where the rest of the file says.
        assertThat(Route.to(Targets.conf(file)).address().toString()).isEqualTo("127.0.0.1:7000");
    }

    @Test
    void whatNobodyHasChangedIsNotReadAnew() throws Exception {
        Path file = directory.resolve("redis.conf");
        Path included = Files.writeString(directory.resolve("more.conf"), "maxmemory 1gb\n");
        Files.writeString(file, "port 7000\ninclude " + included + "\n");
        ConfProbe probe = new ConfProbe("main", List.of(directory.resolve("none"), file));
        Reading<Fields> first = probe.read();

        assertThat(probe.read()).isSameAs(first);

        Files.writeString(included, "maxmemory 22gb\n");
        assertThat(probe.read()).as("an included file was changed").isNotSameAs(first);
        Files.writeString(directory.resolve("none"), "port 7001\n");
        assertThat(probe.read().optional().orElseThrow().text("port"))
                .as("a file that goes before it is there by now")
                .contains("7001");
    }

    @Test
    void aFileThatAPatternNamesLaterIsReadAtOnce() throws Exception {
        Path file = directory.resolve("redis.conf");
        Files.writeString(file, "port 7000\ninclude " + directory + "/conf.d/*.conf\n");
        ConfProbe probe = new ConfProbe("main", List.of(file));
        assertThat(probe.read().optional().orElseThrow().text("maxmemory")).isEmpty();

        Files.writeString(Files.createDirectory(directory.resolve("conf.d")).resolve("a.conf"), "maxmemory 1gb\n");

        assertThat(probe.read().optional().orElseThrow().text("maxmemory")).isPresent();
    }

    @Test
    void whatCouldNotBeReadIsTriedAgain() throws Exception {
        Path file = directory.resolve("redis.conf");
        ConfProbe probe = new ConfProbe("main", List.of(file));
        assertThat(probe.read().optional()).isEmpty();

        Files.writeString(file, "port 7000\n");

        assertThat(probe.read().optional()).isPresent();
    }

    @Test
    void anEndlessIncludeEnds() throws Exception {
        Path file = directory.resolve("redis.conf");
        Files.writeString(file, "include " + file);
        assertThat(cause(file)).isEqualTo(Cause.FAILED);
        Files.writeString(file, ("include " + file + "\n").repeat(50));
        assertThat(cause(file)).isEqualTo(Cause.FAILED);
    }

    @Test
    void noFileIsUnavailableAndNoRegularFileOrATooLargeOneFails() throws Exception {
        assertThat(cause(directory.resolve("none"))).isEqualTo(Cause.UNAVAILABLE);
        assertThat(cause(directory)).isEqualTo(Cause.FAILED);
        assertThat(cause(Path.of("/dev/zero"))).isEqualTo(Cause.FAILED);
        assertThat(cause(Files.write(directory.resolve("large"), new byte[(1 << 20) + 1])))
                .isEqualTo(Cause.FAILED);
    }

    private Fields fields(String conf) throws Exception {
        Path file = Files.writeString(directory.resolve("redis.conf"), conf);
        return new ConfProbe("main", List.of(file)).read().optional().orElseThrow();
    }

    private static Cause cause(Path file) {
        return unknown(file).cause();
    }

    private static Reading.Unknown<Fields> unknown(Path file) {
        return new ConfProbe("main", List.of(file))
                .read()
                .fold(
                        known -> {
                            throw new AssertionError("must be unknown, but is " + known);
                        },
                        unknown -> new Reading.Unknown<>(unknown.cause(), unknown.detail()));
    }
}
