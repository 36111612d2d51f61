package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is told, as the file says it; a wrong one is refused by its line, and no secret is repeated. */
class NotifyConfigTest {

    @TempDir
    private Path directory;

    @Test
    void eachKindHasItsAddress() throws Exception {
        Path secret = secret("rw-r-----");
        List<Receiver> receivers = read("""
            [[notify]]
            name = "ops"
            kind = "webhook"
            url = "https://example.com/hook/s3cret"
            min = "unhealthy"
            wait = "20s"
            checks = ["ping", "acme/health", "configuration", "overall"]
            [[notify]]
            name = "chat"
            kind = "slack"
            url_file = "%s"
            [[notify]]
            name = "mail"
            kind = "email"
            to = ["root", "ops@example.com"]
            [[notify]]
            name = "page"
            kind = "command"
            command = ["/usr/local/bin/page", "--now"]
            """.formatted(secret)).receivers();
        assertThat(receivers).extracting(Receiver::name).containsExactly("ops", "chat", "mail", "page");
        assertThat(receivers.get(0).least()).isEqualTo(Status.UNHEALTHY);
        assertThat(receivers.get(0).pace().hold()).isEqualTo(Duration.ofSeconds(20));
        assertThat(receivers.get(3).address().command()).containsExactly("/usr/local/bin/page", "--now");
    }

    @Test
    void thePathOfAHookIsNotPrinted() throws Exception {
        Config config =
                read("[[notify]]\nname = \"a\"\nkind = \"webhook\"\nurl = \"https://example.com/h/s3cret?k=1\"");
        assertThat(config.settings())
                .filteredOn(setting -> setting.key().equals("notify.a.url"))
                .singleElement()
                .satisfies(setting -> assertThat(setting.value()).isEqualTo("https://example.com/***"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind = \"webhook\"|name",
                "name = \"a\"|kind",
                "name = \"a\"; kind = \"pigeon\"|kind",
                "name = \"a\"; kind = \"webhook\"|url",
                "name = \"a\"; kind = \"webhook\"; url = \"ftp://x/\"|url",
                "name = \"a\"; kind = \"webhook\"; url = \"https://u:s3cret@x/\"|url",
                "name = \"a\"; kind = \"webhook\"; url = \"http://x/\"; to = [\"root\"]|to",
                "name = \"a\"; kind = \"email\"|to",
                "name = \"a\"; kind = \"email\"; to = [\"x@y\\nBcc: z@z\"]|to",
                "name = \"a\"; kind = \"email\"; to = [\"-oQ/tmp\"]|to",
                "name = \"a\"; kind = \"command\"; command = [\"page\"]|command",
                "name = \"a\"; kind = \"command\"; command = \"/bin/page\"|command",
                "name = \"a\"; kind = \"webhook\"; url = \"http://x/\"; checks = [\"pong\"]|checks",
                "name = \"a\"; kind = \"webhook\"; url = \"http://x/\"; per_hour = \"0\"|per_hour",
                "name = \"a\"; kind = \"webhook\"; url = \"http://x/\"; waits = \"1s\"|waits",
            })
    void whatIsWrongIsRefusedByItsKey(String lines, String key) throws IOException {
        ConfigException refused =
                catchThrowableOfType(ConfigException.class, () -> read("[[notify]]\n" + lines.replace("; ", "\n")));
        assertThat(refused.problems()).anyMatch(problem -> problem.key().endsWith("." + key));
        assertThat(refused).hasMessageNotContaining("s3cret");
    }

    @Test
    void aSecretThatOthersCanReadIsRefused() throws IOException {
        Path secret = secret("rw-r--r--");
        ConfigException refused = catchThrowableOfType(
                ConfigException.class,
                () -> read("[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl_file = \"" + secret + "\""));
        assertThat(refused).hasMessageContaining("others can neither read nor write");
    }

    /** It is not there for who reads the configuration, nor until the messenger runs. */
    @Test
    void aSecretMayBeACredentialOfTheMessengersUnit() throws Exception {
        String credential = "/run/credentials/redis-warden-notify.service/chat.url";
        Config config = read("[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl_file = \"" + credential + "\"");
        assertThat(config.receivers().get(0).address().urlFile()).hasValue(Path.of(credential));

        for (String other : List.of(
                "/run/credentials/redis-warden.service/chat.url",
                "/run/credentials/redis-warden-notify.service/../../x",
                "/run/credentials/redis-warden-notify.service")) {
            ConfigException refused = catchThrowableOfType(
                    ConfigException.class,
                    () -> read("[[notify]]\nname = \"a\"\nkind = \"slack\"\nurl_file = \"" + other + "\""));
            assertThat(refused.problems())
                    .as(other)
                    .anyMatch(problem -> problem.key().endsWith(".url_file"));
        }
    }

    private Path secret(String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("hook"), "https://example.com/s3cret\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Config read(String text) throws IOException, ConfigException {
        Path file = Files.writeString(directory.resolve("redis-warden.toml"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        return ConfigReader.read(file);
    }
}
