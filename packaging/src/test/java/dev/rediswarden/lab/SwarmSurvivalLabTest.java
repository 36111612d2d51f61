package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What Redis on a Swarm has, it still has after whatever happens to it and to its node. */
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class SwarmSurvivalLabTest {

    private SwarmRedis redis;
    private int canaries;

    @BeforeAll
    void up() {
        redis = SwarmRedis.deployed();
    }

    @AfterAll
    void close() {
        redis.close();
    }

    @Test
    void aForcedUpdate() {
        survives(() -> redis.swarm()
                .shell("docker service update --quiet --force " + SwarmRedis.NAME)
                .ok());
    }

    @Test
    void aKilledRedis() {
        survives(() -> redis.swarm().shell(2, "pkill -KILL redis-server").ok());
    }

    @Test
    void aRestartedDockerd() {
        survives(() -> {
            redis.swarm()
                    .shell(2, "pkill -TERM dockerd; until docker info; do sleep 0.1; done")
                    .ok();
        });
    }

    @Test
    void aNodeThatIsDrainedAndBack() {
        survives(() -> {
            redis.swarm().shell("docker node update --availability drain node2").ok();
            redis.swarm()
                    .await(
                            "no other node is fit",
                            Duration.ofMinutes(3),
                            "docker service ps " + SwarmRedis.NAME + " | grep 'no suitable node' && "
                                    + "ssh node2 docker ps --quiet --filter name=" + SwarmRedis.NAME
                                    + " | { ! grep . ; }");
            redis.swarm()
                    .shell("docker node update --availability active node2")
                    .ok();
        });
    }

    @Test
    void aNodeThatLosesItsPower() {
        survives(() -> {
            redis.swarm().kill(2);
            redis.swarm().start(2);
        });
    }

    @Test
    void killedWhileTheAppendOnlyFileIsRewrittenAtMostTheLastSecondIsLost() {
        redis.ask("EVAL \"for i=1,100000 do redis.call('SET','filler:'..i,i) end\" 0");
        assertThat(redis.ask("CONFIG SET rdb-key-save-delay 150")).isEqualTo("OK");
        redis.swarm()
                .shell("docker exec --detach client sh -c 'REDISCLI_AUTH=" + SwarmRedis.PASSWORD + " exec redis-cli -h "
                        + SwarmRedis.NAME + " -r -1 -i 0.001 INCR acknowledged >/tmp/acknowledged'")
                .ok();
        assertThat(redis.ask("BGREWRITEAOF")).contains("rewriting started");
        redis.swarm()
                .await(
                        "writes",
                        Duration.ofMinutes(1),
                        "test $(docker exec client tail -n 1 /tmp/acknowledged) -gt 1000");
        var before = Long.parseLong(redis.swarm()
                .shell("docker exec client tail -n 1 /tmp/acknowledged; sleep 1")
                .ok());
        assertThat(redis.ask("INFO persistence")).contains("aof_rewrite_in_progress:1");

        redis.swarm().shell(2, "pkill -KILL redis-server").ok();

        redis.awaitAnswer();
        assertThat(Long.parseLong(redis.ask("GET acknowledged"))).isGreaterThanOrEqualTo(before);
        assertThat(redis.ask("DBSIZE"))
                .satisfies(size -> assertThat(Long.parseLong(size)).isGreaterThan(100_000));
    }

    private void survives(Runnable fate) {
        var key = "canary:" + canaries++;
        assertThat(redis.ask("SET " + key + " sings")).isEqualTo("OK");

        fate.run();

        redis.awaitAnswer();
        assertThat(redis.ask("GET " + key)).isEqualTo("sings");
    }
}
