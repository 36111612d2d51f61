package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** The plays of a Redis that runs: taken over, verified, backed up, restored. */
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class SwarmOperationLabTest {

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
}
