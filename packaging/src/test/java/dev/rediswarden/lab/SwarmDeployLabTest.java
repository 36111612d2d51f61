package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** {@code deploy_redis.yml} on a fresh Swarm, and who gets in afterwards. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SwarmDeployLabTest {

    private static final String UNCHANGED = "(?s).*node1 .* changed=0 .* unreachable=0 .* failed=0 .*";

    private SwarmRedis redis;

    @BeforeAll
    void up() {
        redis = SwarmRedis.undeployed();
    }

    @AfterAll
    void close() {
        redis.close();
    }

    @Test
    @Order(1)
    void checkModeOnAFreshSwarmSaysWhatWouldBeAndMakesNothing() {
        var checked = redis.play("deploy_redis.yml", "--check");

        assertThat(checked.ok()).contains("would be created").doesNotContain(SwarmRedis.PASSWORD);
        assertThat(redis.swarm()
                        .shell("docker service ls -q; docker config ls -q; docker secret ls -q;"
                                + " docker network ls -q --filter name=app_main; ssh node2 docker volume ls -q")
                        .ok())
                .isEmpty();
    }

    @Test
    @Order(2)
    void theFirstRunIsGreenAndTheSecondChangesNothing() {
        assertThat(redis.play("deploy_redis.yml", "-vvv").ok()).doesNotContain(SwarmRedis.PASSWORD);

        assertThat(redis.play("deploy_redis.yml").ok()).matches(UNCHANGED);
        redis.admitClient();
    }

    @Test
    @Order(3)
    void theServiceAnswersByItsNameToWhoHasThePasswordAndToNobodyElse() {
        assertThat(redis.ask("PING")).isEqualTo("PONG");
        assertThat(redis.askWith("another-password", "PING")).contains("WRONGPASS", "NOAUTH");
        assertThat(redis.swarm()
                        .shell("docker exec client redis-cli -h " + SwarmRedis.NAME + " DBSIZE")
                        .ok())
                .startsWith("NOAUTH");
    }

    @Test
    @Order(3)
    void noNodeListensForIt() {
        for (var node = 1; node <= 2; node++) {
            assertThat(redis.swarm().shell(node, "ss -Hltn 'sport = :6379'").ok())
                    .isEmpty();
            assertThat(redis.swarm()
                            .shell(node, "timeout 2 redis-cli -h node2 PING 2>&1 || true")
                            .ok())
                    .contains("Connection refused");
        }
    }

    @Test
    @Order(3)
    void thePasswordIsInNoDescriptionArgumentEnvironmentLogOrFile() {
        var everything = redis.swarm()
                        .shell("docker service inspect " + SwarmRedis.NAME
                                + "; docker config inspect $(docker config ls -q);"
                                + " docker secret inspect $(docker secret ls -q); docker service logs "
                                + SwarmRedis.NAME
                                + " 2>&1; cat /var/log/dockerd.log")
                        .ok()
                + redis.swarm()
                        .shell(
                                2,
                                "docker inspect CONTAINER; ps axeww; cat /var/log/dockerd.log; docker exec CONTAINER sh -c 'cat /data/*.* /etc/redis-service/* /run/redis-service/*'"
                                        .replace("CONTAINER", SwarmRedis.container()))
                        .ok();

        assertThat(everything).contains("redis-server", "user default on #").doesNotContain(SwarmRedis.PASSWORD);
    }

    @Test
    @Order(3)
    void aPolicyThatWouldEvictQueuedTasksIsRefusedWithTheReason() {
        var refused = redis.play("deploy_redis.yml", "-e", "redis_service_maxmemory_policy=allkeys-lru");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.out()).contains("throws queued tasks away");
    }

    @Test
    @Order(3)
    void ansibleLintIsClean() {
        redis.swarm()
                .shell("cd /srv/swarm && ansible-lint --offline --profile production --strict --nocolor"
                        + " --exclude inventory *.yml roles")
                .ok();
    }
}
