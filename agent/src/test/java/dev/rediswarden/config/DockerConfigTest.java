package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rediswarden.snapshot.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that a Swarm runs, and where that Swarm is asked about it. */
class DockerConfigTest {

    private static final String SERVICE = "[[redis]]\nservice = \"app_redis\"\n";

    @TempDir
    private Path directory = Path.of("");

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("ca", "crt", "key")) {
            Files.writeString(directory.resolve(name), "s3cret");
            Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString("rw-r-----"));
        }
    }

    @Test
    void aServiceIsAskedByItsNameAndHasNoUnit() throws Exception {
        Config config = read(SERVICE);

        RedisInstance redis = config.redis().get(0);
        assertThat(redis.service()).contains("app_redis");
        assertThat(redis.units()).isEmpty();
        assertThat(redis.url().orElseThrow()).hasToString("redis://app_redis:6379");
        assertThat(config.docker()).isEqualTo(new Engine(new Engine.Unix("/run/docker.sock"), Duration.ofSeconds(2)));
        assertThat(config.settings()).contains(new Config.Setting("docker.socket", "/run/docker.sock", "default"));
    }

    @Test
    void anAddressOfItsOwnCounts() throws Exception {
        assertThat(read("[[redis]]\nservice = \"a\"\nurl = \"redis://10.0.1.7:6379/0\"\n")
                        .redis()
                        .get(0)
                        .url()
                        .orElseThrow())
                .hasToString("redis://10.0.1.7:6379/0");
    }

    @Test
    void whereNoneIsNamedDockerIsNotToldOf() throws Exception {
        assertThat(read("").settings()).noneMatch(setting -> setting.key().startsWith("docker"));
    }

    @Test
    void anEngineOverTlsNeedsAllThree() throws Exception {
        String host = "[docker]\nhost = \"m1.example.com:2376\"\n";

        assertThat(read(host + "tls_ca = \"DIR/ca\"\ntls_cert = \"DIR/crt\"\ntls_key = \"DIR/key\"\n" + SERVICE)
                        .docker()
                        .door())
                .isEqualTo(new Engine.Tcp(
                        "m1.example.com",
                        2376,
                        Optional.of(new Engine.Tls(
                                directory.resolve("ca").toString(),
                                directory.resolve("crt").toString(),
                                directory.resolve("key").toString()))));
        assertThat(problems(host + "tls_ca = \"DIR/ca\"\n" + SERVICE))
                .anyMatch(problem -> problem.contains("docker.tls_cert") && problem.contains("is missing"))
                .anyMatch(problem -> problem.contains("docker.tls_key") && problem.contains("is missing"));
        assertThat(problems(host + SERVICE)).singleElement().asString().contains("insecure = true accepts that");
        assertThat(read(host + "insecure = true\n" + SERVICE).docker().door())
                .isEqualTo(new Engine.Tcp("m1.example.com", 2376, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:2375", "localhost:2375", "[::1]:2375"})
    void loopbackNeedsNoTls(String host) throws Exception {
        assertThat(read("[docker]\nhost = \"" + host + "\"\n" + SERVICE)
                        .docker()
                        .door()
                        .text())
                .isEqualTo(host);
    }

    @Test
    void aKeyThatOthersCanReadIsRefused() throws Exception {
        Files.setPosixFilePermissions(directory.resolve("key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(problems("[docker]\nhost = \"m1:2376\"\ntls_ca = \"DIR/ca\"\ntls_cert = \"DIR/crt\"\n"
                        + "tls_key = \"DIR/key\"\n" + SERVICE))
                .singleElement()
                .asString()
                .contains("others can neither read nor write");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[docker]\\nsocket = \"/run/x.sock\" | counts only where a [[redis]] has a service",
                "[docker]\\nsocket = \"x.sock\"\\n[[redis]]\\nservice = \"a\" | absolute path",
                "[docker]\\n"
                        + "socket = \"/x\"\\n"
                        + "host = \"localhost:1\"\\n"
                        + "[[redis]]\\n"
                        + "service = \"a\" | counts only without a host",
                "[docker]\\ntls_ca = \"/x\"\\n[[redis]]\\nservice = \"a\" | counts only with a host",
                "[docker]\\ninsecure = true\\n[[redis]]\\nservice = \"a\" | counts only with a host",
                "[docker]\\nhost = \"tcp://m1:2376\"\\n[[redis]]\\nservice = \"a\" | without a scheme",
                "[docker]\\nhost = \"m1\"\\n[[redis]]\\nservice = \"a\" | a host and a port",
                "[docker]\\nhost = \"m1:0\"\\n[[redis]]\\nservice = \"a\" | a host and a port",
                "[docker]\\nsock = \"/x\"\\n[[redis]]\\nservice = \"a\" | did you mean socket?",
                "[[redis]]\\nservice = \"a b\" | must be a Swarm service's name",
                "[[redis]]\\nservice = \"$(reboot)\" | must be a Swarm service's name",
                "[[redis]]\\nservice = \"../x\" | must be a Swarm service's name",
                "[[redis]]\\nservice = \"a\"\\nunit = \"none\" | counts only without a service",
                "[[redis]]\\nservice = \"a\"\\nenforce = true | counts only for a server that a unit of this host runs",
            })
    void whatBreaksARuleIsTold(String toml, String rule) {
        assertThat(problems(toml.replace("\\n", "\n"))).anyMatch(problem -> problem.contains(rule));
    }

    private Config read(String toml) throws ConfigException, IOException {
        Path file = directory.resolve("redis-warden.toml");
        Files.writeString(file, toml.replace("DIR", directory.toString()));
        return ConfigReader.read(file);
    }

    private List<String> problems(String toml) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> read(toml));
        return refused.problems().stream().map(Problem::toString).toList();
    }
}
