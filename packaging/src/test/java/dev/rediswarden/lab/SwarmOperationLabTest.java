package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** The plays of a Redis that runs: taken over, verified, backed up, restored, its password changed. */
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class SwarmOperationLabTest {

    private static final String NEXT = "another-password-of-nobody";
    /** Two applications: one keeps its connection, the other connects for each command, with the password it has by then. */
    private static final String LOAD = """
        docker exec --detach client sh -c 'REDISCLI_AUTH=%1$s exec redis-cli -h %2$s -r -1 -i 0.01 INCR load >/tmp/kept 2>&1'
        docker exec client sh -c 'echo %1$s >/tmp/password'
        docker exec --detach client sh -c 'until test -e /tmp/stop; do
            REDISCLI_AUTH=$(cat /tmp/password) redis-cli -h %2$s INCR load; done >/tmp/anew 2>&1; touch /tmp/stopped'
        """.formatted(SwarmRedis.PASSWORD, SwarmRedis.NAME);

    private SwarmRedis redis;

    /** A service as others have made it: a volume, no append-only file, and a password among its arguments. */
    @BeforeAll
    void aServiceOfAnotherMaking() {
        redis = SwarmRedis.undeployed();
        redis.swarm()
                .shell("docker network create --driver overlay --attachable app_main; docker service create --quiet"
                        + " --detach --name " + SwarmRedis.NAME + " --network app_main --endpoint-mode dnsrr"
                        + " --constraint node.role==worker --mount type=volume,source=" + SwarmRedis.NAME
                        + "_data,target=/data redis:7.4-alpine redis-server --save 900 1 --appendonly no"
                        + " --requirepass "
                        + SwarmRedis.PASSWORD)
                .ok();
        redis.admitClient();
        redis.awaitAnswer();
    }

    @AfterAll
    void close() {
        redis.close();
    }

    @Test
    void aServiceWithoutAppendOnlyFileKeepsItsDataAndEverythingAfterIt() {
        redis.ask("SET before 1");
        assertThat(redis.play("deploy_redis.yml", "--check").ok()).contains("would be updated");
        assertThat(redis.ask("CONFIG GET appendonly")).endsWith("no");

        redis.play("deploy_redis.yml").ok();
        redis.awaitAnswer();
        assertThat(redis.ask("GET before\nCONFIG GET appendonly")).isEqualTo("1\nappendonly\nyes");

        var verified = redis.play("verify_redis.yml").ok();
        assertThat(verified)
                .contains("ok      a password is asked for", "ok      a key survives a forced update")
                .doesNotContain("NOT SO", SwarmRedis.PASSWORD);

        verificationTellsWhatIsNotSo();
        aBackupIsRestored();
        thePasswordIsChangedUnderLoadWithoutOneFailedCommand();
    }

    private void verificationTellsWhatIsNotSo() {
        redis.ask("CONFIG SET appendfsync no\nACL SETUSER default nopass");

        var told = redis.play("verify_redis.yml", "-e", "redis_service_verify_restart=false");

        assertThat(told.exit()).isNotZero();
        assertThat(told.out()).contains("NOT SO  a password is asked for", "NOT SO  the append-only file is written");
        redis.ask("CONFIG SET appendfsync everysec\nACL LOAD");
    }

    private void aBackupIsRestored() {
        redis.ask("SET kept 1");
        redis.play("backup_redis.yml", "-e", "redis_service_backup_name=kept.rdb")
                .ok();
        assertThat(redis.swarm()
                        .shell("stat -c %a /srv/swarm/backups; ssh node2 docker exec '" + SwarmRedis.container()
                                + "' ls /data")
                        .ok())
                .startsWith("700")
                .doesNotContain("backup.rdb");
        redis.ask("SET kept 2\nSET later 1");

        assertThat(redis.play("restore_redis.yml", "-e", "redis_service_restore_from=backups/kept.rdb")
                        .out())
                .contains("this replaces all");
        restore("/root/vault-pass").exit();
        assertThat(redis.ask("GET kept")).isEqualTo("2");
        restore("backups/kept.rdb").ok();

        redis.awaitAnswer();
        assertThat(redis.ask("MGET kept later before").lines()).containsExactly("1", "", "1");
        assertThat(redis.play("verify_redis.yml").ok()).doesNotContain("NOT SO");
        assertThat(redis.ask("GET kept")).isEqualTo("1");
    }

    private Result restore(String file) {
        return redis.play(
                "restore_redis.yml",
                "-e",
                "redis_service_restore_from=/srv/swarm/" + file,
                "-e",
                "redis_service_restore=overwrite");
    }

    private void thePasswordIsChangedUnderLoadWithoutOneFailedCommand() {
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
                .shell("docker exec client sh -c 'touch /tmp/stop; until test -e /tmp/stopped; do sleep 0.1; done;"
                        + " pkill redis-cli'")
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
