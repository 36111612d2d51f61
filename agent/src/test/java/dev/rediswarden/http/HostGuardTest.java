package dev.rediswarden.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.http.Wire.Answer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over the wire, as a browser whose name server lies would ask. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostGuardTest {

    private final Served served = new Served();

    @AfterAll
    void stop() {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:9180",
                "localhost.",
                "127.0.0.1",
                "127.0.0.1:19180",
                "127.255.3.1",
                "[::1]",
                "[::1]:9180",
                "web1",
                "WEB1:9180",
                "warden.example.com",
                "Warden.Example.Com.:443",
                "[2001:db8::1]:443"
            })
    void aKnownHostIsAnswered(String host) throws IOException {
        assertThat(ask("GET", "/health", "1.1", "Host: " + host + "\r\n").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:9180",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.0.0.1.nip.io:9180",
                "evil.localhost",
                "0.0.0.0:9180",
                "10.0.0.1",
                "[::]",
                "[::ffff:127.0.0.1]",
                "web1.evil.example",
                "xwarden.example.com",
                "warden.example.com.evil.example"
            })
    void aStrangeHostIsRefusedOnEveryPath(String host) throws IOException {
        for (String path : new String[] {"/", "/health", "/health/live", "/health/ping", "/metrics", "/nope"}) {
            for (String method : new String[] {"GET", "HEAD", "POST"}) {
                for (String version : new String[] {"1.0", "1.1"}) {
                    Answer answer = ask(method, path, version, "Host: " + host + "\r\n");

                    assertThat(answer.status()).as(method + " " + path).isEqualTo(421);
                    assertThat(answer.body()).as(method + " " + path).doesNotContain("redis_up", "status", host);
                }
            }
        }
    }

    @Test
    void aRefusalSaysWhatToSet() throws IOException {
        Answer answer = ask("GET", "/metrics", "1.1", "Host: evil.example\r\n");

        assertThat(answer.body()).isEqualTo("this Host is not answered; see allowed_hosts in redis-warden.toml(5)\n");
        assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @Test
    void withoutHostOldClientsAreAnswered() throws IOException {
        assertThat(ask("GET", "/health", "1.0", "").status()).isEqualTo(200);
    }

    @Test
    void noSecondHostSlipsThrough() throws IOException {
        assertThat(ask("GET", "/metrics", "1.1", "Host: localhost\r\nHost: evil.example\r\n")
                        .status())
                .isEqualTo(400);
        assertThat(ask("GET", "http://evil.example/metrics", "1.1", "Host: localhost\r\n")
                        .body())
                .doesNotContain("redis_up");
    }

    @Test
    void whatAReloadAllowsCountsAtOnce() {
        HostGuard guard = new HostGuard(List.of("old.example.com"), () -> "");

        guard.allow(List.of("new.example.com"));

        assertThat(guard.admits("new.example.com")).isTrue();
        assertThat(guard.admits("old.example.com")).isFalse();
        assertThat(guard.admits(".")).isFalse();
        assertThat(guard.admits(":80")).isFalse();
    }

    private Answer ask(String method, String path, String version, String headers) throws IOException {
        String request = method + " " + path + " HTTP/" + version + "\r\nConnection: close\r\n" + headers + "\r\n";
        try (Socket socket = Wire.connect(served.address)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return Wire.parse(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
