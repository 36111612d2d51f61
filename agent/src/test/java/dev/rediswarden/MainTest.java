package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.http.Served;
import dev.rediswarden.redis.RedisServer;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The commands as a shell sees them: what they print, and their exit codes. */
class MainTest {

    private record Ended(int code, String out, String err) {}

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nope",
                "--nope",
                "check --nope",
                "check --format xml",
                "check --only",
                "check extra",
                "status --format",
                "status extra",
                "config --config",
                "agent extra",
                "plan --units --settings",
                "apply --units --settings",
                "rotate-password",
                "event",
                "event deploy",
                "event deploy --ref --help",
                "event deploy --ref -x",
                "event deploy --ref a;b",
                "event deploy --ref main --site ../etc",
            })
    void aUsageErrorIs64AndPointsToHelp(String line) {
        Ended ended = run(line.isEmpty() ? new String[0] : line.split(" ", -1));

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("redis-warden: ").contains("--help").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "agent --help", "check --help", "status --help", "config --help", "apply --help"})
    void helpIsPrintedAndIsNoError(String line) {
        Ended ended = run(line.split(" ", -1));

        assertThat(ended.out().replaceAll("(?s).*\n\n", "").lines())
                .as("wrapped where a line is full, and nowhere else")
                .allMatch(footer -> footer.length() <= 80);
        assertThat(ended.code()).isZero();
        assertThat(ended.out()).contains("Usage: redis-warden");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void theVersionNamesTheCommitAndTheRuntime() {
        assertThat(run("--version").out()).startsWith("redis-warden 0.1.0 (").contains("Java 17");
    }

    @Test
    void configPrintsEachValueWithItsOriginAndNoSecret() throws IOException {
        Path file = write("[[redis]]\nurl = 'redis://:hunter2@127.0.0.1:6380'\n");
        Ended ended = run("config", "--config", file.toString());

        assertThat(ended.code()).isZero();
        assertThat(ended.out())
                .containsPattern("http.listen +127.0.0.1:9180 +# default\n")
                .containsPattern("redis.main.url +redis://\\*\\*\\*@127.0.0.1:6380 +# " + file + ":2\n")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "check", "plan", "verify"})
    void aBadConfigurationIs78WithEveryProblem(String command) throws IOException {
        Path file = write("a = 1\nb = 2\n");
        Ended ended = run(command, "--config", file.toString());

        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err()).contains(file + ":1: a is not known").contains(file + ":2: b is not known");
        assertThat(ended.out()).isEmpty();
    }

    @Test
    void anUnknownCheckIsAUsageErrorBeforeAnythingIsAsked() throws IOException {
        Path file = write("");
        Ended ended = run("check", "--only", "ping,pong", "--config", file.toString());

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.err()).contains("no such check: pong; known: ping, writable");
    }

    @Test
    void statusPrintsTheDaemonsReport() throws IOException {
        try (Served daemon = new Served()) {
            Path file = write("[http]\nlisten = '127.0.0.1:" + daemon.address.getPort() + "'\n");

            Ended ok = run("status", "--config", file.toString());
            assertThat(ok.code()).isZero();
            assertThat(ok.out()).startsWith("ok\n\nping ").contains("PONG from 127.0.0.1:6379");

            daemon.show(Given.healthy().with(Given.ping(Outcome.REFUSED, "")), "main");
            Ended unhealthy = run("status", "--format", "json", "--config", file.toString());
            assertThat(unhealthy.code()).isEqualTo(1);
            assertThat(unhealthy.out())
                    .startsWith("{\n  \"status\": \"unhealthy\"")
                    .endsWith("}\n");
        }
    }

    @Test
    void aBadFileKeepsNobodyFromTheDaemonThatHasAGoodOne() throws IOException {
        try (Served daemon = new Served()) {
            Path file = write("[http]\nlisten = '127.0.0.1:" + daemon.address.getPort() + "'\nlistne = 'x'\n");

            Ended ended = run("status", "--config", file.toString());
            assertThat(ended.out()).startsWith("ok\n\nping ").contains("PONG from 127.0.0.1:6379");
            assertThat(ended.err())
                    .isEqualTo(file + ":3: http.listne is not known; did you mean listen? known here: listen,"
                            + " allowed_hosts, listener\n");
            assertThat(ended.code()).isZero();
        }
    }

    @Test
    void aBadFileWithoutADaemonIs78() throws IOException {
        Path file = write("[http]\nlisten = '127.0.0.1:" + RedisServer.freePort() + "'\n[cycle]\nx = 1\n");
        Ended ended = run("status", "--config", file.toString());

        assertThat(ended.code()).isEqualTo(78);
        assertThat(ended.err()).contains(file + ":4: cycle.x is not known", "the daemon does not answer");
    }

    @Test
    void statusHasNoFormatThatItCannotPrint() throws IOException {
        Ended ended = run("status", "--format", "yaml", "--config", write("").toString());

        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.err()).contains("[TEXT, JSON]");
    }

    @Test
    void statusWithoutADaemonCannotBeEvaluated() throws IOException {
        Path file = write("[http]\nlisten = '127.0.0.1:" + RedisServer.freePort() + "'\n");
        Ended ended = run("status", "--config", file.toString());

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("the daemon does not answer", "systemctl status redis-warden.service");
    }

    @Test
    void checkOfARealServer() throws IOException {
        try (RedisServer redis = RedisServer.in(directory).start()) {
            Path file = write("[[redis]]\nunit = 'none'\nurl = 'redis://127.0.0.1:%d'\ntimeout = '300ms'\n"
                    .formatted(redis.port()));

            Ended ok = run("check", "--only", "ping,writable,binding", "--config", file.toString());
            assertThat(ok.out()).startsWith("ok\n\nping ").contains("127.0.0.1:" + redis.port() + " alone");
            assertThat(ok.code()).isZero();

            redis.suspend();
            Ended hung = run("check", "--format", "json", "--config", file.toString());
            assertThat(hung.code()).isEqualTo(1);
            assertThat(hung.out()).contains("3 PING in a row");
            redis.resume();

            redis.stop();
            Ended stopped = run("check", "--config", file.toString());
            assertThat(stopped.code()).isEqualTo(1);
            assertThat(stopped.out()).startsWith("unhealthy\n").contains("cannot be reached");
        }
    }

    @Test
    void checkOfWhatAnswersNotToUsCannotBeEvaluated() throws IOException {
        try (RedisServer redis =
                RedisServer.in(directory).withPassword("hunter2").start()) {
            Path file = write("[[redis]]\nunit = 'none'\nurl = 'redis://127.0.0.1:%d'\n".formatted(redis.port()));
            Ended ended = run("check", "--config", file.toString());

            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.out()).contains("not to redis-warden (NOAUTH").doesNotContain("hunter2");
        }
    }

    private Path write(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("redis-warden.toml"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private static Ended run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(args);
        return new Ended(code, out.toString(), err.toString());
    }
}
