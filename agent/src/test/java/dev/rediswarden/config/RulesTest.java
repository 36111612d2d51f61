package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9180", "127.255.255.254:1", "[::1]:65535", "[::ffff:127.0.0.1]:80"})
    void loopbackMayBeListenedOn(String text) throws RuleBroken {
        assertThat(Rules.listen(text).getAddress().isLoopbackAddress()).isTrue();
    }

    /** Names would be asked of a name server, also those made of digits and the letters a to f. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9180",
                ":9180",
                "0.0.0.0:9180",
                "10.0.0.1:9180",
                "[::]:9180",
                "[2001:db8::1]:9180",
                "::1:9180",
                "[127.0.0.1]:9180",
                "[::1:9180",
                "localhost:9180",
                "face:9180",
                "bad.cafe:9180",
                "[bad.cafe]:9180",
                "127.0.0.256:9180",
                "127.0.0.999:9180",
                "127.1:9180",
                "127.0.0.1:0",
                "127.0.0.1:65536",
                "127.0.0.1:99999",
                "127.0.0.1:9180 ",
                "127.0.0.1:9180\n",
            })
    void anythingElseMayNot(String text) {
        assertThatThrownBy(() -> Rules.listen(text)).isInstanceOf(RuleBroken.class);
    }

    @ParameterizedTest
    @CsvSource({"50ms, 50", "1s, 1000", "1m, 60000", "0001s, 1000"})
    void durationsHaveAUnit(String text, long millis) throws RuleBroken {
        assertThat(Rules.duration(Duration.ofMillis(50), Duration.ofMinutes(1)).parse(text))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "49ms", "61s", "999999h", "9999999s", "-1s", "1 s", "1.5s", "1d", "٣s"})
    void otherDurationsAreRefused(String text) {
        assertThatThrownBy(() -> Rules.duration(Duration.ofMillis(50), Duration.ofMinutes(1))
                        .parse(text))
                .isInstanceOf(RuleBroken.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://host",
                "redis://host:6379/0",
                "rediss://user:p%40ss@host",
                "redis://:pw@[::1]:6379",
                "redis://my_redis:6379/",
                "unix:///run/redis/redis.sock",
                "unix://:pw@/run/redis/redis.sock"
            })
    void urlsNameAServer(String text) throws RuleBroken {
        assertThat(Rules.url(text).toString()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "redis",
                "redis:",
                "redis:host",
                "redis://",
                "redis://:6379",
                "redis:///0",
                "redis://host:0",
                "redis://host:65536",
                "redis://host:port",
                "redis://host/db",
                "redis://host/0/1",
                "redis://host?timeout=1",
                "redis://host#0",
                "redis://a@b@host",
                "redis://[::1",
                "redis://ho st",
                "http://host",
                "REDIS://host",
                "unix:",
                "unix:///",
                "unix://",
                "unix://host/path",
                "unix:/run/redis.sock",
                "unix:///run/redis.sock?db=1"
            })
    void otherUrlsAreRefused(String text) {
        assertThatThrownBy(() -> Rules.url(text)).isInstanceOf(RuleBroken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "redis", "redis.timer", "a b.service", "../x.service", "x.service\n", ".service"})
    void whatIsNoServicesNameIsRefused(String text) {
        assertThatThrownBy(() -> Rules.unit(text)).isInstanceOf(RuleBroken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Main", "a/b", "-a", "a b", "ä", "a\n", "abcdefghijklmnopqrstuvwxyz0123456"})
    void whatIsNoInstancesNameIsRefused(String text) {
        assertThatThrownBy(() -> Rules.name(text)).isInstanceOf(RuleBroken.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "relative", "./x", "\0/x"})
    void whatIsNoAbsolutePathIsRefused(String text) {
        assertThatThrownBy(() -> Rules.file(text)).isInstanceOf(RuleBroken.class);
    }
}
