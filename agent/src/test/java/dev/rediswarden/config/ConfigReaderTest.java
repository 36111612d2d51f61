package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rediswarden.check.Severity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void nameTheFile() {
        file = directory.resolve("redis-warden.toml");
    }

    @Test
    void anEmptyFileMeansTheDistributionsOwnServer() throws Exception {
        Config config = read("");

        assertThat(config.listen()).hasToString("/127.0.0.1:9180");
        assertThat(config.fast()).isEqualTo(Duration.ofSeconds(1));
        assertThat(config.slow()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.redis()).singleElement().satisfies(main -> {
            assertThat(main.name()).isEqualTo("main");
            assertThat(main.units()).containsExactly("redis-server.service", "valkey-server.service");
            assertThat(main.confFiles())
                    .containsExactly(Path.of("/etc/redis/redis.conf"), Path.of("/etc/valkey/valkey.conf"));
            assertThat(main.url()).isEmpty();
            assertThat(main.timeout()).isEqualTo(Duration.ofSeconds(1));
        });
        assertThat(config.settings())
                .allSatisfy(setting -> assertThat(setting.origin()).isEqualTo("default"));
    }

    @Test
    void everyValueIsTakenWithItsOrigin() throws Exception {
        Path secret = Files.writeString(directory.resolve("password"), "hunter2\n");
        chmod(secret, "rw-r-----");
        Path ca = Files.writeString(directory.resolve("ca.pem"), "");
        Config config = read("""
                [http]
                listen = "[::1]:9999"
                [cycle]
                fast = "500ms"
                slow = "1m"
                [[redis]]
                name = "cache"
                unit = "redis-server@cache.service"
                url = "rediss://[::1]:6390/3"
                config_file = "/srv/redis.conf"
                password_file = "%s"
                tls_ca = "%s"
                timeout = "2s"
                [redis.checks]
                ping = "warning"
                memory = "critical"
                unit = "off"
                """.formatted(secret, ca));

        assertThat(config.listen()).hasToString("/[0:0:0:0:0:0:0:1]:9999");
        assertThat(config.fast()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.slow()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.redis()).singleElement().satisfies(cache -> {
            assertThat(cache.units()).containsExactly("redis-server@cache.service");
            assertThat(cache.url()).contains(URI.create("rediss://[::1]:6390/3"));
            assertThat(cache.confFiles()).containsExactly(Path.of("/srv/redis.conf"));
            assertThat(cache.passwordFile()).contains(secret);
            assertThat(cache.tlsCa()).contains(ca);
            assertThat(cache.timeout()).isEqualTo(Duration.ofSeconds(2));
            assertThat(cache.severities())
                    .isEqualTo(Map.of("ping", Severity.WARNING, "memory", Severity.CRITICAL, "unit", Severity.OFF));
        });
        assertThat(config.settings())
                .contains(new Config.Setting("redis.cache.timeout", "2s", file + ":13"))
                .contains(new Config.Setting("redis.cache.checks.unit", "off", file + ":17"));
    }

    @Test
    void allowedHostsAreNamesWithoutPortOrPattern() throws Exception {
        Config config = read("[http]\nallowed_hosts = [\"Warden.example.com\", \"[2001:db8::1]\", \"web_1\"]\n");

        assertThat(config.allowedHosts()).containsExactly("warden.example.com", "[2001:db8::1]", "web_1");
        assertThat(config.settings()).anySatisfy(setting -> {
            assertThat(setting.key()).isEqualTo("http.allowed_hosts");
            assertThat(setting.origin()).isEqualTo(file + ":2");
        });
        assertThat(read("").allowedHosts()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"*.example.com\"", "\"a:80\"", "\"http://a\"", "\"\"", "\"a.\"", "\".a\"", "\"a b\"", "5"})
    void anotherAllowedHostIsAProblem(String item) {
        assertThat(problems("[http]\nallowed_hosts = [\"ok\", " + item + "]\n"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.key()).isEqualTo("http.allowed_hosts"))
                .satisfies(problem -> assertThat(problem.line()).isEqualTo(2))
                .satisfies(problem -> assertThat(problem.rule()).startsWith("must "));
    }

    @Test
    void everyProblemIsToldAtOnceWithLineKeyRuleAndValue() {
        List<Problem> problems = problems("""
                colour = "red"
                [http]
                listen = "0.0.0.0:9180"
                lisen = "127.0.0.1:1"
                [cycle]
                fast = 5
                slow = "a while"
                [[redis]]
                name = "Not A Name"
                url = "http://host"
                unit = "redis"
                timeout = "31s"
                password_file = "/nonexistent/password"
                tls_ca = "relative/ca.pem"
                [redis.checks]
                ping = "fatal"
                speed = "off"
                """);

        assertThat(problems.stream().map(Problem::line)).containsExactly(1, 3, 4, 6, 7, 9, 10, 11, 12, 13, 14, 16, 17);
        assertThat(problems.stream().map(Problem::toString))
                .allSatisfy(line -> assertThat(line).startsWith(file + ":"));
        assertThat(problems.stream().map(problem -> problem.key() + " " + problem.rule() + "|" + problem.value()))
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("colour is not known; known here: http, cycle, redis"),
                        p -> assertThat(p)
                                .startsWith("http.listen must be a loopback")
                                .endsWith("|\"0.0.0.0:9180\""),
                        p -> assertThat(p).startsWith("http.lisen is not known"),
                        p -> assertThat(p).isEqualTo("cycle.fast must be a string in quotes|5"),
                        p -> assertThat(p).startsWith("cycle.slow must be a duration from 1s to 3600s"),
                        p -> assertThat(p).startsWith("redis.?.name must be of a-z"),
                        p -> assertThat(p).contains(".url must be redis://").endsWith("|\"http://***\""),
                        p -> assertThat(p)
                                .contains(".unit must be a service unit's name")
                                .endsWith("|\"redis\""),
                        p -> assertThat(p).contains(".timeout must be a duration from 50ms to 30s"),
                        p -> assertThat(p).contains(".password_file must name a file that exists"),
                        p -> assertThat(p).contains(".tls_ca must be an absolute path"),
                        p -> assertThat(p).contains(".checks.ping must be critical, warning or off"),
                        p -> assertThat(p).contains(".checks.speed is not known; known here: ping, writable"));
    }

    @Test
    void noProblemAndNoSettingShowsAPassword() throws Exception {
        chmod(Files.writeString(file, ""), "rw-r-----");
        for (String url : List.of(
                "redis://:hunter2@",
                "redis://:hunter2",
                "redis://user:hunter2@host:0",
                "redis://user:hunt/er2@host",
                "redis://user:hunt@er2@host",
                "redis:hunter2@host",
                "hunter2@host",
                "http://user:hunter2@host",
                "redis://u:" + "hunter2".repeat(100) + "@host:99999",
                "redis://host?password=hunter2",
                "unix://:hunter2@host/path")) {
            assertThat(problems("[[redis]]\nurl = '" + url + "'"))
                    .as(url)
                    .singleElement()
                    .satisfies(p ->
                            assertThat(p.toString()).contains("url must be").doesNotContain("hunt", "er2"));
        }
        Config config = read("[[redis]]\nurl = 'redis://user:hunter2@127.0.0.1:6380/1'");

        assertThat(config.toString()).contains("redis://***@127.0.0.1:6380/1").doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[[redis]]\nurl = hunter2",
                "[[redis]]\nurl = 'redis://h' hunter2",
                "[[redis]]\nurl = \"redis://:a\"hunter2@h\"",
                "[[redis]]\nurl = 0hunter2",
                "hunter2",
            })
    void whatIsNoTomlIsToldWithoutQuotingIt(String text) {
        assertThat(problems(text)).isNotEmpty().allSatisfy(problem -> {
            assertThat(problem.line()).isPositive();
            assertThat(problem.toString()).contains("is not TOML").doesNotContain("hunter2");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "redis://127.0.0.1, 2",
        "redis://localhost:6380, 2",
        "redis://:pw@[::1]:6379/0, 2",
        "unix:///run/redis/redis.sock, 2",
        "unix://:pw@/run/redis/redis.sock, 2",
        "redis://10.0.0.5:6379, 0",
        "rediss://my_redis, 0",
        "redis://user:pw@127.example.com:6379, 0",
    })
    void aServerElsewhereIsRunByNoUnitOfThisHost(String url, int units) throws Exception {
        chmod(Files.writeString(file, ""), "rw-r-----");

        assertThat(read("[[redis]]\nurl = '" + url + "'").redis().get(0).units())
                .hasSize(units);
    }

    @Test
    void noUnitMeansNone() throws Exception {
        RedisInstance instance = read("[[redis]]\nunit = 'none'").redis().get(0);

        assertThat(instance.units()).isEmpty();
        assertThat(instance.confFiles()).isEmpty();
    }

    @Test
    void anotherInstanceIsOneOfTheTemplates() throws Exception {
        RedisInstance cache = read("[[redis]]\nname = 'cache'").redis().get(0);

        assertThat(cache.units()).containsExactly("redis-server@cache.service", "valkey-server@cache.service");
        assertThat(cache.confFiles())
                .containsExactly(Path.of("/etc/redis/redis-cache.conf"), Path.of("/etc/valkey/valkey-cache.conf"));
    }

    @Test
    void severalInstancesMustHaveTheirOwnNames() throws Exception {
        assertThat(read("[[redis]]\nname = 'a'\n[[redis]]\nname = 'b'").redis())
                .extracting(RedisInstance::name)
                .containsExactly("a", "b");
        assertThat(problems("[[redis]]\ntimeout = '1s'\n[[redis]]\ntimeout = '2s'"))
                .singleElement()
                .satisfies(p -> assertThat(p.toString())
                        .endsWith(".toml:4: redis.name must differ for each [[redis]], not main"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis = 'x'", "[redis]\nname = 'a'", "redis = [1, 2]", "http = 5", "cycle = []"})
    void aWrongTypeIsAProblemAndNoCrash(String text) {
        assertThat(problems(text))
                .isNotEmpty()
                .allSatisfy(p -> assertThat(p.line()).isEqualTo(1));
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------, true",
        "rw-r-----, true",
        "rw-rw----, true",
        "rw-r--r--, false",
        "rw----r--, false",
        "rw-----w-, false"
    })
    void aPasswordFileIsForNobodyElse(String mode, boolean fits) throws Exception {
        Path secret = Files.writeString(directory.resolve("password"), "hunter2");
        chmod(secret, mode);
        String text = "[[redis]]\npassword_file = '" + secret + "'";

        if (fits) {
            assertThat(read(text).redis().get(0).passwordFile()).contains(secret);
        } else {
            assertThat(problems(text)).singleElement().satisfies(p -> {
                assertThat(p.rule()).contains("others can neither read nor write", "chmod o=");
                assertThat(p.toString()).doesNotContain("hunter2");
            });
        }
    }

    @Test
    void aPasswordInTheFileIsNotForOthersEither() throws Exception {
        for (String url : List.of("redis://:hunter2@host", "unix://:hunter2@/run/redis.sock")) {
            String text = "[[redis]]\nurl = '" + url + "'";
            Files.writeString(file, text);
            chmod(file, "rw-r--r--");
            assertThatThrownBy(() -> ConfigReader.read(file))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("chmod o= " + file)
                    .hasMessageNotContaining("hunter2");
            chmod(file, "rw-r-----");
            assertThat(ConfigReader.read(file).redis()).hasSize(1);
        }
    }

    @Test
    void aFileWithoutASecretMayBeReadByAll() throws Exception {
        Files.writeString(file, "[[redis]]\nurl = 'redis://127.0.0.1'");
        chmod(file, "rw-r--r--");

        assertThat(ConfigReader.read(file).redis()).hasSize(1);
    }

    @Test
    void aMissingFileAndADirectoryAreProblems() {
        assertThatThrownBy(() -> ConfigReader.read(directory.resolve("none.toml")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("there is no such file");
        assertThatThrownBy(() -> ConfigReader.read(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("cannot be read");
    }

    private Config read(String text) throws Exception {
        Files.writeString(file, text);
        return ConfigReader.read(file);
    }

    private List<Problem> problems(String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
        assertThat(thrown).as(text).isNotNull();
        return thrown.problems();
    }

    private static void chmod(Path path, String mode) throws IOException {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
    }
}
