package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server and a site's file: both ways in count until the site has the new one. */
class PasswordRotationTest {

    private static final String OLD = "old-secret";

    @TempDir
    private Path directory;

    @TempDir
    private Path etc;

    private final List<String> said = new ArrayList<>();
    private RedisServer server = RedisServer.in(Path.of("/"));
    private Path env = Path.of("/");

    @BeforeEach
    void site() throws IOException {
        server = RedisServer.in(directory);
        env = Files.writeString(
                etc.resolve(".env"),
                "# comment = redis://localhost:" + server.port() + "/9\r\nDEBUG=1\nexport REDIS_URL='redis://localhost:"
                        + server.port() + "/0?timeout=3'\nCELERY_BROKER_URL = \"redis://:" + OLD + "@127.0.0.1:"
                        + server.port() + "/1\"\nOTHER=redis://cache.example:" + server.port()
                        + "/0\nREADER=redis://reader:its-own@localhost:" + server.port() + "/0\nSOCK=unix://"
                        + server.socket() + "?db=1");
        Files.setPosixFilePermissions(env, PosixFilePermissions.fromString("rw-r--r--"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aServerWithoutAPasswordGetsOneAndNobodyIsKeptOut() throws Exception {
        server.start();
        begin();
        String fresh = fresh();

        assertThat(ping()).as("who has not heard of it").isEqualTo("PONG");
        assertThat(ping("--user", "default", "--pass", fresh)).as("who has").isEqualTo("PONG");

        finish();
        assertThat(ping()).contains("NOAUTH");
        assertThat(ping("--user", "default", "--pass", fresh)).isEqualTo("PONG");
        server.stop();
        server.start();
        assertThat(ping()).contains("NOAUTH");
        assertThat(ping("--pass", fresh)).isEqualTo("PONG");
        assertThat(etc.resolve("main.password")).hasContent(fresh);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(etc.resolve("main.password"))))
                .isEqualTo("rw-r-----");
        assertThat(said).noneMatch(line -> line.contains(fresh));
    }

    @Test
    void theOldPasswordCountsUntilTheEndAlsoAfterARestart() throws Exception {
        server.withPassword(OLD).start();
        begin();
        String fresh = fresh();
        for (int restart = 0; restart < 2; restart++) {
            assertThat(ping("--pass", OLD)).isEqualTo("PONG");
            assertThat(ping("--pass", fresh)).isEqualTo("PONG");
            server.kill();
            server.start();
        }

        finish();
        for (int restart = 0; restart < 2; restart++) {
            assertThat(ping("--pass", OLD)).contains("WRONGPASS");
            assertThat(ping("--pass", fresh)).isEqualTo("PONG");
            server.kill();
            server.start();
        }
    }

    @Test
    void aFileThatWasNotReachedKeepsTheOldPasswordGood() throws Exception {
        server.withPassword(OLD).start();
        Path beside =
                Files.createDirectories(env.resolveSibling("..env.redis-warden").resolve("in-the-way"));
        assertThatThrownBy(this::begin).isInstanceOf(IOException.class);
        assertThatThrownBy(this::finish).hasMessageContaining("does not have the new password in it");
        assertThat(ping("--pass", OLD)).isEqualTo("PONG");
        Files.delete(beside);
        Files.delete(beside.getParent());
        begin();
        finish();
        assertThat(ping("--pass", OLD)).contains("WRONGPASS");
    }

    @Test
    void clientsThatThisCommandDoesNotTellAreNotKeptOut() throws Exception {
        server.withPassword(OLD).start();
        server.cli("ACL", "SETUSER", "default", ">another-clients-own");
        assertThatThrownBy(this::begin).hasMessageContaining("several passwords");
        assertThat(ping("--pass", "another-clients-own")).isEqualTo("PONG");
    }

    @Test
    void aRedisConfThatEverybodyReadsIsNoPlaceForAPassword() throws Exception {
        server.start();
        Files.setPosixFilePermissions(server.conf(), PosixFilePermissions.fromString("rw-r--r--"));
        String before = Files.readString(env);
        assertThatThrownBy(this::begin).hasMessageContaining("chmod o= " + server.conf());
        assertThat(Files.readString(env)).isEqualTo(before);
    }

    @Test
    void whatWasInterruptedGoesOnWithTheSamePassword() throws Exception {
        server.withPassword(OLD).start();
        begin();
        String before = Files.readString(env);
        begin();
        assertThat(Files.readString(env)).isEqualTo(before);

        // As after a kill between the server's last step and ours.
        server.cli("CONFIG", "SET", "requirepass", fresh());
        finish();
        assertThat(ping("--pass", fresh())).isEqualTo("PONG");
        assertThatThrownBy(this::finish).hasMessageContaining("nothing to finish");
    }

    @Test
    void everyOtherByteOfTheSitesFileStays() throws Exception {
        server.start();
        String before = Files.readString(env);
        begin();

        String fresh = fresh();
        assertThat(Files.readString(env).replace("default:" + fresh + "@", ""))
                .isEqualTo(before.replace(":" + OLD + "@", ""));
        assertThat(Files.readString(env).split(fresh, -1))
                .as("three URLs are of this server")
                .hasSize(4);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(env)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aFileThatNamesAnotherServerIsRefusedBeforeAnythingIsChanged() throws Exception {
        server.start();
        Files.writeString(env, "REDIS_URL=redis://localhost:1/0\n");

        assertThatThrownBy(this::begin).hasMessageContaining("has no URL of this server");
        assertThat(Files.readString(env)).isEqualTo("REDIS_URL=redis://localhost:1/0\n");
    }

    @Test
    void aFileThatLostTheNewPasswordKeepsTheOldOneGood() throws Exception {
        server.start();
        String before = Files.readString(env);
        begin();
        Files.writeString(env, before);

        assertThatThrownBy(this::finish).hasMessageContaining("does not have the new password");
        assertThat(ping()).isEqualTo("PONG");
    }

    @Test
    void aSiteThatWasNotNamedIsNotLockedOut() throws Exception {
        server.withPassword(OLD).start();
        Path blog = Files.writeString(
                etc.resolve("blog.env"), "REDIS_URL=redis://:" + OLD + "@localhost:" + server.port() + "/3\n");
        Files.writeString(etc.resolve("elsewhere.env"), "REDIS_URL=redis://cache.example:" + server.port() + "/0\n");
        String before = Files.readString(env);

        Path shop = env.toRealPath();
        Path untold = blog.toRealPath();
        assertThatThrownBy(this::begin).isInstanceOfSatisfying(PasswordRotation.Untold.class, refused -> {
            assertThat(refused.named()).containsExactly(shop);
            assertThat(refused.missing()).containsExactly(untold);
        });
        assertThat(Files.readString(env)).isEqualTo(before);

        begin(env, blog);
        // Named by a run before this one: it has the new password.
        begin();
        Files.writeString(blog, "REDIS_URL=redis://:" + OLD + "@localhost:" + server.port() + "/3\n");
        assertThatThrownBy(this::finish).isInstanceOf(PasswordRotation.Untold.class);
        assertThat(ping("--pass", OLD)).isEqualTo("PONG");

        begin(env, blog);
        finish();
        assertThat(ping("--pass", OLD)).contains("WRONGPASS");
    }

    private String fresh() throws IOException {
        Matcher password = Pattern.compile("default:([A-Za-z0-9_-]{43})@").matcher(Files.readString(env));
        assertThat(password.find()).isTrue();
        return password.group(1);
    }

    /** As a client of its own, with these words of redis-cli before its command. */
    private String ping(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("redis-cli", "--no-auth-warning", "-p", "" + server.port()));
        command.addAll(List.of(words));
        command.add("PING");
        Process cli = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        cli.waitFor();
        return said.strip()
                .lines()
                .reduce((first, last) -> first.contains("WRONGPASS") ? first : last)
                .orElse("");
    }

    private PasswordRotation rotation() throws Exception {
        Target target = new Target(
                Optional.empty(), List.of(server.conf()), Optional.empty(), Optional.empty(), Targets.PATIENT);
        return new PasswordRotation(
                target, server.conf(), etc.resolve("main.password"), etc.resolve("state"), said::add, System::nanoTime);
    }

    private void begin() throws Exception {
        begin(env);
    }

    private void begin(Path... files) throws Exception {
        try (PasswordRotation rotation = rotation()) {
            rotation.begin(List.of(files), others());
        }
    }

    /** Every file of a site that there is. */
    private List<Path> others() throws IOException {
        try (Stream<Path> files = Files.list(etc)) {
            return files.filter(file -> file.toString().endsWith(".env")).toList();
        }
    }

    private void finish() throws Exception {
        try (PasswordRotation rotation = rotation()) {
            rotation.finish(others());
        }
    }
}
