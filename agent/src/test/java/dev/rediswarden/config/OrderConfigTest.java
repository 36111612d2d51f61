package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rediswarden.snapshot.OrderRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which units of the site need Redis, as the file says it. */
class OrderConfigTest {

    @TempDir
    private Path directory = Path.of("");

    @Test
    void withoutARuleCeleryStartsAfterRedisAndGunicornOnlyWantsIt() throws Exception {
        assertThat(read("").order())
                .containsExactly(
                        new OrderRule("*celery*.service", "", true, true, "main"),
                        new OrderRule("*gunicorn*.service", "", false, true, "main"));
    }

    @Test
    void anEmptyListTurnsItOff() throws Exception {
        assertThat(read("order = []").order()).isEmpty();
    }

    @Test
    void aRuleOfTheFilesOwnReplacesBoth() throws Exception {
        Config config = read("""
                [[redis]]
                name = "main"
                [[redis]]
                name = "queue"
                [[order]]
                units = "shop-[ab]*@.service"
                program = "celery"
                wants = false
                redis = "queue"
                """);

        assertThat(config.order())
                .containsExactly(new OrderRule("shop-[ab]*@.service", "celery", true, false, "queue"));
    }

    @ParameterizedTest
    @CsvSource({
        "*celery*.service, shop-celery@.service, true",
        "*celery*.service, celery.socket, false",
        "shop-[!a]*.service, shop-beta.service, true",
        "shop-[!a]*.service, shop-alpha.service, false",
        "shop?celery.service, shop.celery.service, true",
        "shop\\x2dcelery.service, shop\\x2dcelery.service, true",
        "shop\\x2dcelery.service, shopx2dcelery.service, false",
    })
    void aPatternIsAShellsAndABackslashInItIsOne(String pattern, String unit, boolean matches) {
        assertThat(OrderRule.matching(pattern).test(unit)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*.service",
                "**.service",
                "?*.service",
                "[a-z]*.service",
                "celery[.service",
                "celery[z-a].service",
                "ce*.service",
                "celery",
                "../celery.service",
                "celery.service\\n[Service]",
                "a b c d.service"
            })
    void aPatternThatNamesNearlyAllOrNoUnitIsRefused(String pattern) throws IOException {
        assertThat(problem("[[order]]\nunits = \"" + pattern + "\"\n"))
                .contains("order.1.units")
                .contains("must ");
    }

    @ParameterizedTest
    @CsvSource({
        "units = 3, must be a string",
        "after = true, units is missing",
        "after = 'yes', must be true or false",
        "redis = 'other', must be one of: main",
        "program = '/usr/bin/celery', without its directory",
        "befor = true, is not known"
    })
    void whatIsWrongIsSaidByItsKey(String line, String said) throws IOException {
        assertThat(problem("[[order]]\n" + line + "\n")).contains(said);
    }

    private String problem(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("redis-warden.toml"), text);
        ConfigException refused = catchThrowableOfType(ConfigException.class, () -> ConfigReader.read(file));
        assertThat(refused).as(text).isNotNull();
        return refused.problems().toString();
    }

    private Config read(String text) throws IOException, ConfigException {
        return ConfigReader.read(Files.writeString(directory.resolve("redis-warden.toml"), text));
    }
}
