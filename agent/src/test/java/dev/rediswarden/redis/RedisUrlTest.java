package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

    @ParameterizedTest
    @CsvSource({
        "redis://localhost, localhost:6379, , ",
        "redis://localhost:7000/3, localhost:7000, , ",
        "REDIS://redis_main:7000, redis_main:7000, , ",
        "redis://[::1]:7000, [::1]:7000, , ",
        "redis://[::1], [::1]:6379, , ",
        "redis://:pw@10.0.0.5, 10.0.0.5:6379, , pw",
        "redis://warden@h, h:6379, warden, ",
        "redis://warden:p%40ss:w%2Frd+1@h:1, h:1, warden, p@ss:w/rd+1",
        "rediss://h:6380, h:6380, , ",
        "unix:///run/redis/redis.sock, unix:/run/redis/redis.sock, , ",
        "unix:///run/redis/redis.sock?db=1, unix:/run/redis/redis.sock, , ",
        "unix://u:pw@/run/redis%20a.sock, unix:/run/redis a.sock, u, pw",
    })
    void isTakenApart(String url, String address, String user, String password) {
        RedisUrl parsed = RedisUrl.parse(URI.create(url));
        assertThat(parsed.address().toString()).isEqualTo(address);
        assertThat(parsed.user()).isEqualTo(Optional.ofNullable(user));
        assertThat(parsed.password()).isEqualTo(Optional.ofNullable(password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://:hidden@h",
                "redis://:hidden@",
                "redis://:hidden@h:0",
                "redis://:hidden@h:65536",
                "redis://:hidden@h:port",
                "redis:hidden",
                "unix://:hidden@host/path",
                "unix://:hidden@/",
                "hidden"
            })
    void isRejectedWithoutRepeatingIt(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Targets.url(url))
                .satisfies(e -> assertThat(e.toString()).doesNotContain("hidden"));
    }
}
