package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code rotate_password.yml}, while applications work. */
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
@ExtendWith(RootRequired.class)
class SwarmRotationLabTest {

    private static final String NEXT = "another-password-of-nobody";
    /** Two applications: one keeps its connection, the other connects for each command, with the password it has by then. */
    private static final String LOAD = """
        docker exec --detach client sh -c 'REDISCLI_AUTH=%1$s exec redis-cli -h %2$s -r -1 -i 0.01 INCR load >/tmp/kept 2>&1'
        docker exec client sh -c 'echo %1$s >/tmp/password'
        docker exec --detach client sh -c 'until test -e /tmp/stop; do
            REDISCLI_AUTH=$(cat /tmp/password) redis-cli -h %2$s INCR load; done >/tmp/anew 2>&1; touch /tmp/stopped'
        """.formatted(SwarmRedis.PASSWORD, SwarmRedis.NAME);

    private SwarmRedis redis;

    @BeforeEach
    void up() {
        redis = SwarmRedis.deployed();
    }

    @AfterEach
    void close() {
        redis.close();
    }

    @Test
    void thePasswordIsChangedUnderLoadWithoutOneFailedCommand() {
        redis.swarm().shell(LOAD).ok();
        assertThat(rotate("begin").ok()).doesNotContain(NEXT, SwarmRedis.PASSWORD);
        assertThat(redis.ask("PING") + redis.askWith(NEXT, "PING")).isEqualTo("PONGPONG");
        redis.swarm()
                .shell("docker exec client sh -c 'echo " + NEXT + " >/tmp/new; mv /tmp/new /tmp/password; sleep 1'")
                .ok();
        var written = Long.parseLong(redis.ask("GET load"));

        rotate("finish").ok();

        assertThat(redis.ask("PING")).contains("WRONGPASS");
        redis.password(NEXT);
        assertThat(Long.parseLong(redis.ask("GET load"))).isGreaterThan(written);
        redis.swarm()
                .shell("docker exec client sh -c 'touch /tmp/stop; until test -e /tmp/stopped; do sleep 0.1; done';"
                        + " pkill -x redis-cli")
                .ok();
        assertThat(redis.swarm()
                        .shell("docker exec client cat /tmp/kept /tmp/anew | { grep -v '^[0-9]*$' || true; }")
                        .ok())
                .as("what the applications were answered but numbers")
                .isEmpty();

        redis.swarm().shell(2, "pkill -KILL redis-server").ok();
        redis.awaitAnswer();
        assertThat(redis.askWith(SwarmRedis.PASSWORD, "PING"))
                .as("after a restart")
                .contains("WRONGPASS");

        redis.play("deploy_redis.yml", "-e", "redis_service_password=" + NEXT, "-e", "redis_service_password_version=2")
                .ok();
        redis.awaitAnswer();
        assertThat(redis.askWith(SwarmRedis.PASSWORD, "PING"))
                .as("after a deploy")
                .contains("WRONGPASS");
        assertThat(redis.swarm().shell("docker secret ls --format '{{.Name}}'").ok())
                .isEqualTo(SwarmRedis.NAME + "_password_v2");
    }

    private Result rotate(String stage) {
        return redis.play(
                "rotate_password.yml",
                "-e",
                "redis_service_password_next=" + NEXT,
                "-e",
                "redis_service_rotation=" + stage);
    }
}
