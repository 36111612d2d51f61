package dev.rediswarden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.redis.RedisServer;
import dev.rediswarden.redis.SiteClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code check} with a site's URLs, as a deploy script sees it. */
class CheckCommandTest {

    private static final String SECRET = "hunter2";

    private record Ended(int code, String out, String err) {}

    @TempDir
    private Path directory = Path.of("");

    private RedisServer server;
    private Path config;

    @BeforeEach
    void configureAHostWithoutRedis() throws IOException {
        server = RedisServer.in(directory).withPassword(SECRET);
        config = directory.resolve("redis-warden.toml");
        watch("");
    }

    /** The one check that needs nothing of the host that the test runs on. */
    private void watch(String login) throws IOException {
        Files.writeString(
                config,
                "[[redis]]\nunit = 'none'\nurl = 'redis://%s127.0.0.1:%d'\ntimeout = '300ms'\n"
                        .formatted(login, server.port()));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-r-----"));
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aGoodSiteOnAGoodHostIsOkWithOneVerdict() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        Path site = site("REDIS_URL=%1$s/0\nCELERY_BROKER_URL='%1$s/1'\nCELERY_RESULT_BACKEND=amqp://h\n");
        Ended ended = check("--only", "ping", "--env-file", site.toString());

        assertThat(ended.code()).as(ended.toString()).isZero();
        assertThat(ended.out())
                .startsWith("ok\n")
                .containsPattern("REDIS_URL +ok +database 0 of 127.0.0.1:")
                .containsPattern("CELERY_BROKER_URL +ok +database 1 of 127.0.0.1:")
                .containsPattern("CELERY_RESULT_BACKEND +off +CELERY_RESULT_BACKEND is amqp://, not Redis: not judged")
                .containsPattern("ping +ok +PONG")
                .doesNotContain("writable");
    }

    @Test
    void aSiteWithAWrongPasswordIsUnhealthyInEachFormatAndThePasswordInNone() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        Path site = site("REDIS_URL=redis://:wrong-hunter2@127.0.0.1:%2$d/0\nCELERY_BROKER_URL=%1$s/1\n");
        Ended text = check("--only", "ping", "--env-file", site.toString());
        Ended json = check("--only", "ping", "--env-file", site.toString(), "--format", "json");
        Ended nagios = check("--only", "ping", "--env-file", site.toString(), "--format", "nagios");

        assertThat(text.code()).isEqualTo(1);
        assertThat(text.out())
                .containsPattern("REDIS_URL +unhealthy +127.0.0.1:\\d+ answers AUTH with WRONGPASS")
                .containsPattern("mend with: sudoedit " + site + " # the right password");
        assertThat(json.code()).isEqualTo(1);
        assertThat(json.out()).contains("\"REDIS_URL\": {", "\"CELERY_BROKER_URL\": {", "\"ping\": {", "WRONGPASS");
        assertThat(nagios.code()).isEqualTo(2);
        assertThat(nagios.out())
                .startsWith("REDIS CRITICAL - REDIS_URL: 127.0.0.1:")
                .containsPattern(" \\| 'REDIS_URL'=[\\d.]+ms;;;0 .*ok=\\d+ degraded=0 unhealthy=1 unknown=0\n$")
                .hasLineCount(1);
        assertThat(text.out() + text.err() + json.out() + json.err() + nagios.out() + nagios.err())
                .doesNotContain(SECRET);
    }

    @Test
    void nagiosHasAnExitCodeForEachState() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        Path open = site("REDIS_URL=%s/0\n");
        assertThat(check("--only", "ping", "--env-file", open.toString(), "--format", "nagios")
                        .code())
                .isZero();
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        Ended degraded = check("--only", "ping", "--env-file", open.toString(), "--format", "nagios");
        assertThat(degraded.code()).isEqualTo(1);
        assertThat(degraded.out()).startsWith("REDIS WARNING - env_file: " + open + " holds a password");
        Path obscure = site("REDIS_URL=$OTHER\n");
        Ended unknown = check("--only", "ping", "--env-file", obscure.toString(), "--format", "nagios");
        assertThat(unknown.code()).isEqualTo(3);
        assertThat(unknown.out())
                .startsWith("REDIS UNKNOWN - REDIS_URL: REDIS_URL (line 1) is made of another variable");
        Ended missing = check("--env-file", directory + "/none", "--format", "nagios");
        assertThat(missing.code()).isEqualTo(3);
        assertThat(missing.out()).startsWith("REDIS UNKNOWN - ").endsWith("must name a file that exists\n");
    }

    @Test
    void anOpenFileWithAPasswordIsDegradedAndMendedAsPrinted() throws Exception {
        server.start();
        Path site = site("DATABASE_URL=postgres://u:p@h/x\nREDIS_URL=redis://127.0.0.1:1/0\n");
        Files.setPosixFilePermissions(site, PosixFilePermissions.fromString("rw-r--r--"));
        String out = check("--only", "ping", "--env-file", site.toString()).out();
        assertThat(out).containsPattern("env_file +degraded").contains("mend with: sudo chmod o= " + site);

        new ProcessBuilder("chmod", "o=", site.toString()).start().waitFor();
        assertThat(check("--only", "ping", "--env-file", site.toString()).out()).containsPattern("env_file +ok");
    }

    @Test
    void whatNamesNoRedisOrIsNotUnderstoodIsNoReasonToGoOn() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        for (String content : List.of("", "REDIS_URL=locmem://\n", "REDIS_URL=redis://:${PW}@h\n", "REDIS_URL = x\n")) {
            Ended ended = check("--only", "ping", "--env-file", site(content).toString());
            assertThat(ended.code()).as(content + ended).isEqualTo(2);
        }
    }

    @Test
    void aFileThatCannotBeUsedIsOneLineThatNamesIt() throws IOException {
        Ended missing = check("--env-file", directory + "/none");
        assertThat(missing.code()).isEqualTo(66);
        assertThat(missing.err())
                .isEqualTo("redis-warden: " + directory + "/none: --env-file must name a file that exists\n");
        assertThat(check("--env-file", directory.toString()).code()).isEqualTo(66);
        Path large = Files.write(directory.resolve("large"), new byte[(1 << 20) + 1]);
        assertThat(check("--env-file", large.toString()).err()).contains("of at most 1 MiB");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://:hunter2@127.0.0.1",
                "redis://u:hunter2@127.0.0.1",
                "redis://h?password=hunter2",
                "redis://:hunt#hunter2@h",
                "u:hunter2@h",
                "amqp://u:hunter2@h",
            })
    void aPasswordOnTheCommandLineIsRefusedAndNotRepeated(String url) {
        Ended ended = check("--url", url);
        assertThat(ended.code()).isEqualTo(64);
        assertThat(ended.err()).contains("--env-file FILE, or --url -").doesNotContain("hunter2");
        assertThat(check(url).err()).doesNotContain("hunter2@");
    }

    @Test
    void aUrlIsTakenFromStandardInput() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream((url() + "/1\n").getBytes(StandardCharsets.UTF_8)));
            Ended ended = check("--only", "ping", "--url", "-");
            assertThat(ended.code()).as(ended.toString()).isZero();
            assertThat(ended.out()).containsPattern("url +ok +database 1 of ").doesNotContain(SECRET);
        } finally {
            System.setIn(before);
        }
        assertThat(check("--only", "ping", "--url", "redis://127.0.0.1:" + server.port())
                        .out())
                .contains("answers PING with NOAUTH");
    }

    @Test
    void aVariableThatIsRequiredAndMissingIsUnhealthy() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        String site = site("REDIS_URL=%s/0\n").toString();
        Ended given = check("--only", "ping", "--env-file", site, "--require", "REDIS_URL");
        Ended missing = check("--only", "ping", "--env-file", site, "--require", "REDIS_URL,CELERY_BROKER_URL");
        Ended unknown = check("--env-file", site, "--require", "REDIS");
        Ended alone = check("--require", "REDIS_URL");

        assertThat(given.code()).as(given.toString()).isZero();
        assertThat(given.out()).containsPattern("CELERY_BROKER_URL +off ");
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.out())
                .containsPattern("CELERY_BROKER_URL +unhealthy +CELERY_BROKER_URL is not set in " + site
                        + ": Celery is not told where Redis is")
                .contains("# CELERY_BROKER_URL=redis://HOST:PORT/DB");
        assertThat(unknown.code()).isEqualTo(64);
        assertThat(alone.code()).isEqualTo(64);
    }

    @Test
    void whoWaitsWithoutATerminalIsToldOnce() throws IOException {
        Ended absent = check(
                "--only",
                "ping",
                "--wait",
                "1s",
                "--env-file",
                site("REDIS_URL=%s/0\n").toString());
        assertThat(absent.err().lines())
                .singleElement()
                .asString()
                .contains("127.0.0.1:" + server.port())
                .endsWith("; waiting up to 1 s for Redis");
    }

    @Test
    void severalVariablesWithOneUrlAreAskedOnce() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        Path site = site("REDIS_URL=%1$s/1\nCELERY_BROKER_URL=%1$s/1\nCELERY_RESULT_BACKEND=%1$s/1\n");
        Ended ended = check("--only", "ping", "--env-file", site.toString());
        assertThat(ended.out().lines().filter(line -> line.contains("database 1 of")))
                .hasSize(3);
        assertThat(server.cli("INFO", "commandstats")).contains("cmdstat_set:calls=1,");
    }

    @Test
    void patienceEndsWhenTheServerIsThere() throws Exception {
        ExecutorService threads = ProbeThreads.create();
        List<String> told = new ArrayList<>();
        Patience patience = new Patience(Duration.ofSeconds(30), System::nanoTime, line -> {
            if (told.isEmpty()) {
                server.start();
            }
            told.add(line);
        });
        var results = Preflight.of(SiteFile.read(site("REDIS_URL=%s/0\n")), Set.of())
                .results(
                        new SiteClient(Duration.ofSeconds(3), System::nanoTime),
                        threads,
                        patience,
                        new ServerUnits(ConfigReader.read(config)),
                        Instant.EPOCH);
        threads.shutdownNow();
        assertThat(results.get(1).verdict().detail()).contains("PONG");
        assertThat(told.get(0)).contains("127.0.0.1:" + server.port()).contains("waiting up to 30 s for Redis");
        assertThat(told.get(told.size() - 1)).isEmpty();
    }

    @Test
    void patienceEndsWithItsTimeAndWrongCredentialsAreNotWaitedFor() throws IOException {
        Ended absent = check(
                "--only",
                "ping",
                "--wait",
                "1s",
                "--env-file",
                site("REDIS_URL=%s/0\n").toString());
        assertThat(absent.code()).isEqualTo(1);
        server.start();
        watch(":" + SECRET + "@");
        long start = System.nanoTime();
        Path site = site("REDIS_URL=redis://:wrong@127.0.0.1:%2$d/0\n");
        assertThat(check("--only", "ping", "--wait", "1h", "--env-file", site.toString())
                        .code())
                .isEqualTo(1);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void thePlainCheckWaitsForEachInstance() throws InterruptedException {
        RedisServer late = server;
        Thread starter = new Thread(late::start);
        starter.start();
        Ended ended = check("--only", "ping", "--wait", "30s");
        starter.join();
        assertThat(ended.out()).doesNotContain("cannot be reached");
    }

    @Test
    void aSiteIsLookedAtButNotForADeployWhichMayMendIt() throws IOException {
        server.start();
        watch(":" + SECRET + "@");
        Files.writeString(
                Files.createDirectories(directory.resolve("conf.d")).resolve("acme.toml"),
                "[[site]]\nname = 'acme'\nsocket = '%s'\nbackup = '%s'\n"
                        .formatted(directory.resolve("none.sock"), directory.resolve("backup")));

        Ended ofSite = check("--only", "health,acme/backup");
        assertThat(ofSite.code()).as(ofSite.err()).isZero();
        assertThat(ofSite.out())
                .startsWith("degraded")
                .contains(
                        "acme/health  degraded   nobody listens at ",
                        "acme/backup  degraded   no backup was ever made");
        assertThat(check("--only", "ping").out()).doesNotContain("acme");
        assertThat(check("--env-file", site("REDIS_URL=%s/0\n").toString()).out())
                .contains("REDIS_URL", "ping")
                .doesNotContain("acme");
        assertThat(check("--only", "acme/ping").err()).contains("intrusion, forecast, acme/health, acme/backup");
    }

    private Path site(String content) throws IOException {
        Path file = Files.writeString(directory.resolve(".env"), content.formatted(url(), server.port()));
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }

    private String url() {
        return "redis://:" + SECRET + "@127.0.0.1:" + server.port();
    }

    private Ended check(String... options) {
        List<String> args = new ArrayList<>(List.of("check", "--config", config.toString()));
        args.addAll(List.of(options));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out));
        commandLine.setErr(new PrintWriter(err));
        int code = commandLine.execute(args.toArray(String[]::new));
        return new Ended(code, out.toString(), err.toString());
    }
}
