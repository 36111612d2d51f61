package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rediswarden.snapshot.Site;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code [[site]]}, in the main file and in those of {@code conf.d}. */
class SiteConfigTest {

    @TempDir
    private Path directory = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void makeAnEmptyOne() throws IOException {
        file = Files.writeString(directory.resolve("redis-warden.toml"), "");
    }

    @Test
    void withoutOneNoSiteIsAsked() throws Exception {
        assertThat(read().sites()).isEmpty();
    }

    @Test
    void aDomainIsAskedThroughTheWebServerOfThisHost() throws Exception {
        Path part = part("sum-acme.toml", "[[site]]\nname = \"acme\"\ndomain = \"acme.example.com\"\n");

        assertThat(read().sites())
                .containsExactly(new Site(
                        "acme",
                        part.toString(),
                        new Site.Tls("acme.example.com", new InetSocketAddress(InetAddress.getLoopbackAddress(), 443)),
                        "/health/",
                        Duration.ofSeconds(5),
                        Site.Weight.WARNING,
                        "/var/lib/sum/acme/backup",
                        Optional.of(Duration.ofHours(26))));
        assertThat(read().settings())
                .contains(new Config.Setting("site.acme.domain", "acme.example.com", part + ":3"))
                .contains(new Config.Setting("site.acme.severity", "warning", "default"));
    }

    @Test
    void everyValueIsTaken() throws Exception {
        Files.writeString(file, """
                [[site]]
                name = "shop"
                socket = "/run/shop.sock"
                host = "shop.example.com"
                path = "/ready?full=1"
                timeout = "2s"
                severity = "critical"
                backup = "/srv/backup/shop"
                backup_max_age = "off"
                """);

        assertThat(read().sites())
                .containsExactly(new Site(
                        "shop",
                        file.toString(),
                        new Site.Unix("/run/shop.sock", "shop.example.com"),
                        "/ready?full=1",
                        Duration.ofSeconds(2),
                        Site.Weight.CRITICAL,
                        "/srv/backup/shop",
                        Optional.empty()));
    }

    @Test
    void sitesOfAllFilesCountInTheOrderOfTheirNames() throws Exception {
        Files.writeString(file, site("first"));
        part("20-third.toml", site("third"));
        part("10-second.toml", site("second"));
        part("30-none.toml.dpkg-dist", "nonsense");
        part(".hidden.toml", "nonsense");

        assertThat(read().sites()).extracting(Site::name).containsExactly("first", "second", "third");
    }

    @Test
    void everyProblemOfEveryFileIsToldAtOnce() throws IOException {
        Files.writeString(file, "[[site]]\nname = \"Acme\"\n[http]\nlisten = \"0.0.0.0:1\"\n");
        Path first = part("a.toml", "[[redis]]\nname = \"main\"\n[[site]]\nname = \"x\"\nsokcet = \"/run/x\"\n");
        Path second = part("b.toml", "[[site]]\n[[site\n");
        Path third = part("c.toml", site("y") + site("y") + "address = \"10.0.0.1:443\"\n");

        assertThat(problems())
                .satisfiesExactly(
                        p -> assertThat(p)
                                .startsWith(file + ":2: site.?.name must be of a-z")
                                .endsWith("not \"Acme\""),
                        p -> assertThat(p).startsWith(file + ":2: site.?.domain is missing, and so is socket"),
                        p -> assertThat(p).startsWith(file + ":4: http.listen must be a loopback"),
                        p -> assertThat(p).startsWith(first + ":1: redis is not known; known here: site"),
                        p -> assertThat(p).startsWith(first + ":4: site.x.domain is missing"),
                        p -> assertThat(p)
                                .startsWith(first
                                        + ":5: site.x.sokcet is not known; did you mean socket? known here: name"),
                        p -> assertThat(p).startsWith(second + ":2: is not TOML"),
                        p -> assertThat(p).startsWith(third + ":5: site.y.name must differ for each [[site]]"),
                        p -> assertThat(p).startsWith(third + ":7: site.y.address counts only with a domain"));
    }

    @Test
    void aNameIsForOneFileAlone() throws IOException {
        Files.writeString(file, site("acme"));
        Path part = part("acme.toml", site("acme"));

        assertThat(problems()).containsExactly(part + ":2: site.acme.name must differ for each [[site]], not \"acme\"");
    }

    @Test
    void aMainFileThatIsNoTomlHidesNoOtherProblem() throws IOException {
        Files.writeString(file, "=");
        part("a.toml", "[[site]]\n");

        assertThat(problems()).hasSize(3).last().asString().contains("domain is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "name, acme_1",
        "name, '1acme'",
        "name, 'a\\nb'",
        "name, '$(id)'",
        "domain, 'https://acme.example.com'",
        "domain, 'acme.example.com:443'",
        "domain, '127.0.0.1'",
        "domain, 'acme..example.com'",
        "domain, '-acme.example.com'",
        "address, '192.0.2.1:443'",
        "address, 'localhost:443'",
        "path, 'health/'",
        "path, '/a b'",
        "path, '/\\r\\nHost: x'",
        "timeout, '1m'",
        "severity, 'fatal'",
        "backup, 'relative'",
        "backup_max_age, '0s'",
        "backup_max_age, 'never'",
    })
    void aValueThatBreaksItsRuleIsRefused(String key, String value) throws IOException {
        part("a.toml", "[[site]]\n" + others("name", key) + others("domain", key) + key + " = \"" + value + "\"\n");

        assertThat(problems()).anySatisfy(p -> assertThat(p).contains("." + key + " must be"));
    }

    private static String others(String required, String key) {
        return required.equals(key) ? "" : required + " = \"acme" + (required.equals("domain") ? ".test" : "") + "\"\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "Acme.test", "a\\r\\nb", "a/b", ""})
    void aHostIsOneWordOfAHeader(String host) throws IOException {
        part("a.toml", site("acme") + "host = \"" + host + "\"\n");

        assertThat(problems()).singleElement().asString().contains("site.acme.host must be");
    }

    @Test
    void aSocketsPathIsOneThatTheKernelTakes() throws IOException {
        part("a.toml", "[[site]]\nname = \"a\"\nsocket = \"/" + "x".repeat(107) + "\"\n");

        assertThat(problems()).singleElement().asString().contains("site.a.socket must be an absolute path");
    }

    @Test
    void aDirectoryThatCannotBeReadIsAProblem() throws IOException {
        Files.writeString(directory.resolve("conf.d"), "");
        assertThat(problems()).singleElement().asString().startsWith(directory.resolve("conf.d") + ": cannot be read");
    }

    private static String site(String name) {
        return "[[site]]\nname = \"" + name + "\"\nsocket = \"/run/" + name + ".sock\"\n";
    }

    private Path part(String name, String text) throws IOException {
        return Files.writeString(
                Files.createDirectories(directory.resolve("conf.d")).resolve(name), text);
    }

    private Config read() throws ConfigException {
        return ConfigReader.read(file);
    }

    private List<String> problems() {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, this::read);
        assertThat(thrown).isNotNull();
        return thrown.problems().stream().map(Problem::toString).toList();
    }
}
