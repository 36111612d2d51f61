package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rediswarden.snapshot.Limits;
import dev.rediswarden.snapshot.MemoryBound;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Policy.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wished of a server, as the file says it. */
class PolicyConfigTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void aFileThatSaysNothingWishesForTheVpsPresetAndStatesNothing() throws Exception {
        assertThat(policy("")).isEqualTo(Policy.VPS);
    }

    @Test
    void theStrictPresetStatesAllThatItMeans() throws Exception {
        Policy strict = policy("preset = 'strict'");

        assertThat(strict.passwordRequired()).isTrue();
        assertThat(strict.aof()).isTrue();
        assertThat(strict.rdb()).isTrue();
        assertThat(strict.save()).isEqualTo("900 1 300 10 60 10000");
        assertThat(strict.maxmemory()).isEqualTo(MemoryBound.bytes(512L << 20));
        assertThat(strict.maxmemoryPolicy()).isEqualTo("volatile-lru");
        assertThat(strict.stated()).contains("password", "persistence", "maxmemory", "bind", "save");
    }

    @ParameterizedTest
    @CsvSource({"cache, allkeys-lru", "broker, noeviction", "cache+broker, volatile-lru"})
    void theRoleTellsWhatMayBeEvicted(String role, String expected) throws Exception {
        Policy policy = policy("role = '" + role + "'");

        assertThat(policy.maxmemoryPolicy()).isEqualTo(expected);
        assertThat(policy.role().text()).isEqualTo(role);
        assertThat(policy.stated()).isEqualTo(Set.of("role"));
    }

    @Test
    void aLimitThatIsWrittenCountsAndTheOthersStay() throws Exception {
        Limits limits = policy("""
                [redis.limits]
                memory = "75%"
                fragmentation = "2.25"
                slow_commands = "0"
                queue_stall = "30m"
                """).limits();

        assertThat(limits)
                .isEqualTo(new Limits(
                        0.75,
                        0.98,
                        2.25,
                        0.80,
                        Duration.ofMillis(100),
                        Duration.ofSeconds(1),
                        0,
                        Duration.ofMinutes(30)));
    }

    @Test
    void whatIsWrittenWinsOverThePreset() throws Exception {
        Policy policy = policy("""
                preset = "strict"
                role = "cache"
                persistence = "none"
                maxmemory = "10%"
                """);

        assertThat(policy.role()).isEqualTo(Role.CACHE);
        assertThat(policy.aof() || policy.rdb()).isFalse();
        assertThat(policy.maxmemory()).isEqualTo(MemoryBound.percent(10));
    }

    @Test
    void nothingIsEnforcedUnlessItIsSaid() throws Exception {
        assertThat(policy("preset = 'strict'").enforce()).isFalse();
        assertThat(policy("enforce = true").enforce()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "role = 'broker'; maxmemory_policy = 'allkeys-lru', queued tasks would be evicted",
        "maxmemory_policy = 'allkeys-random', queued tasks would be evicted",
        "persistence = 'none', a restart would lose queued tasks",
        "persistence = 'rdb'; appendfsync = 'always', counts only with persistence",
        "persistence = 'aof'; save = '60 1', counts only with persistence",
        "bind = '127.0.0.1 10.0.0.5', must be loopback addresses unless",
        "bind = '0.0.0.0'; password = 'required', none of them a wildcard",
        "bind = '::'; password = 'required', none of them a wildcard",
        "bind = ''; password = 'required', must be addresses",
        "maxmemory = '512', must be a size",
        "maxmemory = '95%', must be a size",
        "maxmemory = '0mb', must be a size",
        "save = '900', must be pairs",
        "save = '900 0', must be pairs",
        "password = 'yes', must be one of: required or optional",
        "preset = 'paranoid', must be one of: vps or strict",
        "role = 'queue', must be one of: cache",
        "enforce = 'yes', must be true",
        "enforce = true; unit = 'none', counts only for a server that a unit of this host runs",
        "[redis.limits]; memory = '0%', must be a share",
        "[redis.limits]; clients = '101%', must be a share",
        "[redis.limits]; clients = '080%', must be a share",
        "[redis.limits]; fragmentation = '1.0', must be a ratio above 1",
        "[redis.limits]; fragmentation = '1e3', must be a ratio above 1",
        "[redis.limits]; slow_commands = '-1', must be a number",
        "[redis.limits]; queue_stall = '9s', must be a duration from 10s",
        "[redis.limits]; memory_full = '50%', must not be below memory",
        "[redis.limits]; ping_p100 = '1s', is not known",
    })
    void whatCannotBeIsRefusedWithTheReason(String lines, String reason) {
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> policy(lines.replace("; ", "\n")));

        assertThat(refused.problems()).singleElement().asString().contains(reason.replace(" or ", ", "));
    }

    private Policy policy(String lines) throws ConfigException, IOException {
        Path file = directory.resolve("redis-warden.toml");
        Files.writeString(file, "[[redis]]\n" + lines);
        return ConfigReader.read(file).redis().get(0).policy();
    }
}
