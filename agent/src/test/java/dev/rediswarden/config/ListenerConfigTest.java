package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners for other hosts: one that anybody could read, or listen in on, is there only where that is said to be meant. */
class ListenerConfigTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void files() throws IOException {
        for (String name : List.of("crt", "key", "users", "open")) {
            Files.writeString(directory.resolve(name), "s3cret");
            Files.setPosixFilePermissions(
                    directory.resolve(name),
                    PosixFilePermissions.fromString(name.equals("open") ? "rw-r--r--" : "rw-r-----"));
        }
    }

    @Test
    void aWholeOneIsTaken() throws Exception {
        List<HttpListener> listeners = read("""
                [http]
                listen = "127.0.0.1:9180"
                [[http.listener]]
                listen = "0.0.0.0:9181"
                tls_cert = "DIR/crt"
                tls_key = "DIR/key"
                users_file = "DIR/users"
                [[http.listener]]
                listen = "[2001:db8::1]:9182"
                insecure = true
                [[http.listener]]
                listen = "127.0.0.1:9183"
                """).listeners();

        assertThat(listeners)
                .extracting(listener -> listener.listen().toString())
                .containsExactly("/0.0.0.0:9181", "/[2001:db8:0:0:0:0:0:1]:9182", "/127.0.0.1:9183");
        assertThat(listeners.get(0).tls()).isPresent();
        assertThat(listeners.get(0).users()).hasValue(directory.resolve("users"));
        assertThat(listeners.get(1).tls()).isEmpty();
    }

    /** A disk that comes late, a certificate that is being renewed: that keeps nobody from watching Redis. */
    @Test
    void filesThatAreNotThereYetKeepNothingFromItsStart() throws Exception {
        List<HttpListener> listeners = read("""
                [[http.listener]]
                listen = "0.0.0.0:9181"
                tls_cert = "DIR/none.crt"
                tls_key = "DIR/none.key"
                users_file = "DIR/nobody"
                """).listeners();

        assertThat(listeners.get(0).users()).hasValue(directory.resolve("nobody"));
        assertThat(listeners.get(0).tls()).isPresent();
    }

    @Test
    void thereIsNoneByItself() throws Exception {
        assertThat(read("").listeners()).isEmpty();
        assertThat(read("[http]\nlisten = \"127.0.0.1:9180\"").listeners()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "listen = \"10.0.0.7:9181\"|1.tls_cert|insecure = true accepts that",
                "listen = \"10.0.0.7:9181\"|1.users_file|insecure = true accepts that",
                "listen = \"10.0.0.7:9181\"; users_file = \"DIR/users\"|1.tls_cert|could read",
                "listen = \"[::]:9181\"; tls_cert = \"DIR/crt\"; tls_key = \"DIR/key\"|1.users_file|could read",
                "listen = \"127.0.0.1:9181\"; tls_cert = \"DIR/crt\"|1.tls_key|needs its key",
                "listen = \"127.0.0.1:9181\"; tls_key = \"DIR/key\"|1.tls_cert|needs its key",
                "listen = \"127.0.0.1:9181\"; users_file = \"DIR/open\"|1.users_file|others can neither read nor write",
                "listen = \"127.0.0.1:9181\"; tls_cert = \"DIR/crt\"; tls_key = \"DIR/open\"|1.tls_key|others",
                "listen = \"127.0.0.1:9180\"|1.listen|another address or port",
                "listen = \"0.0.0.0:9180\"; insecure = true|1.listen|another address or port",
                "listen = \"web1:9181\"; insecure = true|1.listen|address of this host",
                "listen = \"10.0.0.7\"; insecure = true|1.listen|address of this host",
                "insecure = true|1.listen|is missing",
                "listen = \"127.0.0.1:9181\"; insecure = \"yes\"|1.insecure|true or false",
                "listen = \"127.0.0.1:9181\"; password = \"x\"|1.password|is not known",
            })
    void aWrongOneIsRefused(String keys, String key, String rule) {
        ConfigException refused = catchThrowableOfType(
                ConfigException.class, () -> read("[[http.listener]]\n" + keys.replace("; ", "\n")));
        assertThat(refused.problems()).anySatisfy(problem -> {
            assertThat(problem.key()).isEqualTo("http.listener." + key);
            assertThat(problem.rule()).contains(rule);
        });
        assertThat(refused).hasMessageNotContaining("s3cret");
    }

    private Config read(String text) throws Exception {
        return ConfigReader.read(
                Files.writeString(directory.resolve("redis-warden.toml"), text.replace("DIR", directory.toString())));
    }
}
