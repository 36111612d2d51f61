package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfAddressTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @CsvSource({
        "'', 127.0.0.1:6379",
        "port 7000, 127.0.0.1:7000",
        "bind *, 127.0.0.1:6379",
        "bind * -::*, 127.0.0.1:6379",
        "bind 127.0.0.1 ::1, 127.0.0.1:6379",
        "bind 10.0.0.5 127.0.0.2, 127.0.0.2:6379",
        "bind 10.0.0.5 0.0.0.0, 127.0.0.1:6379",
        "bind -::1, [::1]:6379",
        "bind ::*, [::1]:6379",
        "bind 10.0.0.5, 10.0.0.5:6379",
        "bind 10.0.0.5 10.0.0.6, 10.0.0.5:6379",
        "unixsocket /run/r.sock, 127.0.0.1:6379",
        "port 0;unixsocket /run/r.sock, unix:/run/r.sock",
        "port 0;unixsocket r.sock;dir /var/lib/redis, unix:/var/lib/redis/r.sock",
        "port 0;tls-port 6380, 127.0.0.1:6380",
        "port 0;tls-port 6380;unixsocket /run/r.sock, unix:/run/r.sock",
        "tls-port 6380, 127.0.0.1:6379",
    })
    void isWhereTheConfSays(String conf, String address) throws Exception {
        Path file = Files.writeString(directory.resolve("redis.conf"), conf.replace(';', '\n'));
        Address found = Route.to(Targets.conf(file)).address();
        assertThat(found.toString()).isEqualTo(address);
        assertThat(found instanceof Address.Tcp tcp && tcp.tls()).isEqualTo(address.endsWith(":6380"));
    }

    @Test
    void withoutAConfItIsTheDefault() {
        assertThat(Route.to(Targets.conf(directory.resolve("none"))).address().toString())
                .isEqualTo("127.0.0.1:6379");
    }

    @Test
    void theFirstConfThatIsThereIsTaken() throws Exception {
        Path second = Files.writeString(directory.resolve("valkey.conf"), "port 7001");
        Path third = Files.writeString(directory.resolve("other.conf"), "port 7002");
        assertThat(Route.to(Targets.conf(directory.resolve("none"), second, third))
                        .address()
                        .toString())
                .isEqualTo("127.0.0.1:7001");
    }
}
