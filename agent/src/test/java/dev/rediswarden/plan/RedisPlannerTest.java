package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.MemoryBound;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Policy.Role;
import dev.rediswarden.snapshot.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which settings of a server are changed, and which decisions stay. */
class RedisPlannerTest {

    private static final String REDIS = "redis-server.service";
    private static final String HOST = "4000000000";

    private static final Set<String> ALL =
            Set.of("role", "bind", "password", "maxmemory", "maxmemory_policy", "persistence", "appendfsync", "save");

    private static final Policy STRICT = new Policy(
            Role.CACHE_AND_BROKER,
            List.of("127.0.0.1", "-::1"),
            true,
            MemoryBound.bytes(512L << 20),
            "volatile-lru",
            true,
            true,
            "everysec",
            "900 1 300 10 60 10000",
            Policy.VPS.queues(),
            Policy.VPS.visibilityTimeout(),
            Set.of(),
            ALL,
            Policy.VPS.limits(),
            false);

    /** Redis as Debian installs it. */
    private static final Map<String, String> FRESH = Map.of(
            "maxmemory", "0",
            "maxmemory-policy", "noeviction",
            "save", "3600 1 300 100 60 10000",
            "appendonly", "no",
            "appendfsync", "everysec",
            "bind", "127.0.0.1 -::1",
            "protected-mode", "yes",
            "port", "6379");

    @Test
    void aFreshRedisIsBoundAndForgetsOnlyWhatExpiresAndLogsEachWrite() {
        assertThat(changes(server(FRESH)))
                .containsExactly(
                        "maxmemory 0 > 999292928", "maxmemory-policy noeviction > volatile-lru", "appendonly no > yes");
    }

    @Test
    void strictAsksForAllOfItWithTheLogLast() {
        Plan plan = RedisPlanner.plan(server(FRESH)
                .with(STRICT)
                .withPasswordAsked(Reading.known(false))
                .snapshot("main"));

        assertThat(texts(plan))
                .containsExactly(
                        "maxmemory 0 > 536870912",
                        "maxmemory-policy noeviction > volatile-lru",
                        "save 3600 1 300 100 60 10000 > 900 1 300 10 60 10000",
                        "appendonly no > yes");
        assertThat(plan.left()).singleElement().satisfies(left -> {
            assertThat(left.reason()).contains("asks for no password");
            assertThat(left.command())
                    .isEqualTo("sudo redis-warden rotate-password --redis main --env-file /path/to/.env");
        });
    }

    @Test
    void whatRunsAsWishedAndIsNotInTheFileIsKept() {
        Given strict = server(FRESH).with(STRICT);
        for (Map.Entry<String, String> setting : Map.of(
                        "maxmemory", "536870912",
                        "maxmemory-policy", "volatile-lru",
                        "save", "900 1 300 10 60 10000",
                        "appendonly", "yes")
                .entrySet()) {
            strict = strict.withConfig(setting.getKey(), setting.getValue());
        }

        assertThat(RedisPlanner.plan(strict.snapshot("main")).actions())
                .contains(new Action.Configure("main", REDIS, "appendonly", "yes", "no", "yes"))
                .allSatisfy(action ->
                        assertThat(((Action.Configure) action).now()).isEqualTo(((Action.Configure) action).value()));
    }

    @Test
    void onceItIsSoNothingIsToDo() {
        Map<String, String> done = new HashMap<>(FRESH);
        done.putAll(Map.of(
                "maxmemory", "536870912",
                "maxmemory-policy", "volatile-lru",
                "save", "900 1 300 10 60 10000",
                "appendonly", "yes"));

        assertThat(RedisPlanner.plan(server(done).with(STRICT).snapshot("main")))
                .isEqualTo(new Plan(List.of(), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "maxmemory, 2147483648",
        "maxmemory-policy, allkeys-lfu",
        "save, 60 1",
        "appendonly, yes",
        "bind, 127.0.0.1",
    })
    void whatSomebodyHasDecidedStaysWhereNoWishIsStated(String parameter, String value) {
        assertThat(changes(server(put(FRESH, parameter, value))))
                .noneMatch(change -> change.startsWith(parameter + " "));
    }

    @Test
    void whatWouldEvictTasksIsLeftAndSaid() {
        assertThat(RedisPlanner.plan(server(put(FRESH, "maxmemory-policy", "allkeys-lru"))
                                .snapshot("main"))
                        .left())
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).contains("allkeys-lru", "evict the tasks"));
    }

    @Test
    void aBoundThatItsDataWouldFillIsLeft() {
        Given full = server(FRESH).withInfo("used_memory", "1000000000");

        Plan plan = RedisPlanner.plan(full.snapshot("main"));

        assertThat(texts(plan)).noneMatch(text -> text.startsWith("maxmemory "));
        assertThat(plan.left())
                .singleElement()
                .satisfies(left ->
                        assertThat(left.reason()).contains("999292928 bytes, and its data takes 1000000000 already"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"* -::*", "0.0.0.0", "", "127.0.0.1 0.0.0.0", "::"})
    void anOpenDoorIsShut(String bind) {
        Given open =
                server(put(put(FRESH, "bind", bind), "protected-mode", "no")).withPasswordAsked(Reading.known(false));

        assertThat(changes(open)).contains("bind " + bind + " > 127.0.0.1 -::1", "protected-mode no > yes");
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1 192.0.2.1, false", "0.0.0.0, true"})
    void anAddressThatSomebodyChoseOrThatAsksForAPasswordIsLeft(String bind, boolean asked) {
        Given chosen = server(put(FRESH, "bind", bind)).withPasswordAsked(Reading.known(asked));

        Plan plan = RedisPlanner.plan(chosen.snapshot("main"));

        assertThat(texts(plan)).noneMatch(text -> text.startsWith("bind"));
        assertThat(plan.left())
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).contains("wider than"));
    }

    @Test
    void whoIsNotSystemdsOwnOrLoadsOrFollowsIsLeft() {
        assertThat(reason(server(FRESH).withInfo("process_id", "9"))).contains("another process");
        assertThat(reason(server(FRESH).withInfo("loading", "1"))).contains("loading");
        assertThat(reason(server(FRESH).withInfo("role", "slave"))).contains("replica");
        assertThat(reason(server(FRESH).withInfo("config_file", "/root/redis.conf")))
                .contains("/root/redis.conf");
        assertThat(reason(server(FRESH).withConfFile(Given.unknown()))).contains("may not read it");
        assertThat(reason(server(FRESH).withConfig(Given.<Map<String, String>>unknown())))
                .contains("may not read it");
        assertThat(reason(server(FRESH).with(Given.unit("loaded", "enabled", "failed", "failed", "signal"))))
                .contains("does not run");
    }

    private static String reason(Given given) {
        Plan plan = RedisPlanner.plan(given.snapshot("main"));
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left()).hasSize(1);
        return plan.left().get(0).reason();
    }

    private static List<String> changes(Given given) {
        return texts(RedisPlanner.plan(given.snapshot("main")));
    }

    private static List<String> texts(Plan plan) {
        return plan.actions().stream()
                .map(Action.Configure.class::cast)
                .map(change -> change.parameter() + " " + change.now() + " > " + change.value())
                .toList();
    }

    private static Given server(Map<String, String> config) {
        Map<String, String> file = put(config, "config_file", "/etc/redis/redis.conf");
        return Given.healthy()
                .withInfo("total_system_memory", HOST)
                .withConfig(Reading.known(config))
                .withConfFile(Reading.known(file));
    }

    private static Map<String, String> put(Map<String, String> fields, String name, String value) {
        Map<String, String> more = new HashMap<>(fields);
        more.put(name, value);
        return more;
    }
}
