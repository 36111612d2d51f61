package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The distribution's Redis with 100,000 keys and other wishes: made so, or as it was, and no key is ever lost. */
@InEveryLab
class RedisApplyLabTest {

    private static final String TOML = "/etc/redis-warden/redis-warden.toml";
    private static final String KEYS = "100000";
    /** Tenths of a second between two instants of a kill. */
    private static final int EVERY = LongRun.ASKED ? 1 : 5;

    private final Lab lab;

    RedisApplyLabTest(Lab lab) {
        this.lab = lab;
    }

    /** Redis as it was installed, but for its keys, of which no snapshot knows yet. */
    @BeforeEach
    void fresh() {
        lab.shell("cp -a " + TOML + " /root/toml; printf '[[redis]]\\npreset = \"strict\"\\n' >>" + TOML
                        + "; test -e /root/redis.conf || cp -a /etc/redis/redis.conf /root")
                .ok();
        reset();
    }

    @AfterEach
    void asInstalled() {
        lab.shell("mv /root/toml " + TOML + "; systemctl stop redis-server; cp -a /root/redis.conf /etc/redis;"
                        + " rm -rf /var/lib/redis/* /var/lib/redis-warden-apply/redis /etc/redis-warden/main.password;"
                        + " systemctl start redis-server")
                .ok();
    }

    private void reset() {
        lab.shell(
                        "systemctl stop redis-server; cp -a /root/redis.conf /etc/redis; rm -rf /var/lib/redis/*"
                                + " /var/lib/redis-warden-apply/redis; systemctl reset-failed redis-server; systemctl start redis-server")
                .ok();
        awaitRedis();
        lab.exec(
                        "redis-cli",
                        "eval",
                        "for i=1," + KEYS
                                + " do redis.call('SET','k'..i,'value'..i) end redis.call('LPUSH','celery','task')"
                                + " redis.call('DEL','k1')",
                        "0")
                .ok();
    }

    @Test
    void strictIsReachedAndARestartRightAfterKeepsEveryKey() {
        var planned = lab.exec("redis-warden", "plan");
        assertThat(planned.exit()).as(planned.toString()).isEqualTo(3);
        assertThat(planned.out()).contains("-maxmemory 0\n+maxmemory 536870912\n", "-appendonly no\n+appendonly yes\n");

        var applied = lab.exec("redis-warden", "apply");
        assertThat(applied.exit()).as(applied.toString()).isZero();
        assertThat(applied.out())
                .contains(
                        "done    set appendonly yes of redis-server.service",
                        KEYS + " keys before and " + KEYS + " now")
                .contains("left    redis-server.service: it asks for no password")
                .doesNotContain("FAILED", "value77");
        killRedis();

        everyKeyIsThere();
        itIsAsWished();
        var checked = lab.exec("redis-warden", "check", "--only", "ping,writable,persistence,memory,drift,binding");
        assertThat(checked.exit()).as(checked.toString()).isZero();
        assertThat(checked.out().lines().findFirst()).hasValue("ok");
        assertThat(lab.exec("stat", "-c", "%U:%G:%a", "/etc/redis/redis.conf").ok())
                .isEqualTo("redis:redis:640");
    }

    @Test
    void aStoppedRedisIsStartedAndSetByOneRun() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        assertThat(lab.exec("redis-warden", "apply").ok())
                .contains("done    start redis-server.service", "done    set appendonly yes");
        everyKeyIsThere();
        itIsAsWished();
    }

    @Test
    void aKillOfItselfAtAnyInstantIsMadeGoodByTheNextRun() {
        for (var tenths = 4; tenths <= 24; tenths += EVERY) {
            var delay = seconds(tenths);
            lab.shell("timeout -s KILL " + delay + " redis-warden apply || true")
                    .ok();
            everyKeyIsThere();
            lab.exec("redis-warden", "apply").ok();
            killRedis();
            everyKeyIsThere();
            itIsAsWished();
            reset();
        }
    }

    @Test
    void aKillOfRedisAtAnyInstantLosesNoKeyThatASnapshotHad() {
        for (var tenths = 4; tenths <= 24; tenths += EVERY) {
            lab.exec("redis-cli", "save").ok();
            lab.shell("redis-warden apply >/root/applied & apply=$!; timeout " + seconds(tenths)
                            + " tail -f /dev/null || true; systemctl kill -s KILL redis-server; wait $apply || true")
                    .ok();
            awaitRedis();
            everyKeyIsThere();
            lab.exec("redis-warden", "apply").ok();
            killRedis();
            everyKeyIsThere();
            itIsAsWished();
            reset();
        }
    }

    @Test
    void whatIsTakenBackIsAsItWasAndTheDataStaysSafe() {
        lab.exec("redis-warden", "apply").ok();
        var reverted = lab.exec("redis-warden", "apply", "--revert");
        assertThat(reverted.exit()).as(reverted.toString()).isZero();
        assertThat(reverted.out()).contains("appendonly stays as it is");
        lab.exec("redis-warden", "resume").ok();
        killRedis();
        everyKeyIsThere();
        assertThat(lab.exec("redis-cli", "config", "get", "maxmemory").ok()).endsWith("\n0");
        assertThat(lab.exec("redis-cli", "config", "get", "maxmemory-policy").ok())
                .endsWith("\nnoeviction");
        assertThat(lab.exec("redis-cli", "config", "get", "appendonly").ok()).endsWith("\nyes");
    }

    @Test
    void aPasswordIsAskedForOnceTheSiteKnowsItAndTheAgentGetsIn() {
        lab.shell(
                        "printf 'DEBUG=0\\nCELERY_BROKER_URL=redis://localhost:6379/0\\n' >/root/.env; chmod 644 /root/.env; redis-warden apply")
                .ok();
        lab.shell("install -d /srv/sum/blog; echo REDIS_URL=redis://127.0.0.1:6379/3 >/srv/sum/blog/.env")
                .ok();
        var refused = lab.exec("redis-warden", "rotate-password", "--env-file", "/root/.env");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out())
                .contains(
                        "/srv/sum/blog/.env has URLs of this server",
                        " --env-file /root/.env --env-file /srv/sum/blog/.env");
        var asked = lab.exec("redis-warden", "rotate-password", "--env-file", "/root/.env", "--force");
        assertThat(asked.exit()).as(asked.toString()).isZero();
        assertThat(asked.out()).contains("redis-warden rotate-password --redis main --finish");
        assertThat(lab.exec("redis-cli", "ping").ok())
                .as("who has not heard of it")
                .isEqualTo("PONG");
        assertThat(lab.exec("redis-warden", "rotate-password", "--finish").out())
                .contains("/srv/sum/blog/.env");
        lab.exec("rm", "-r", "/srv/sum/blog").ok();
        var finished = lab.exec("redis-warden", "rotate-password", "--finish");
        assertThat(finished.exit()).as(finished.toString()).isZero();

        assertThat(lab.exec("redis-cli", "ping").out()).contains("NOAUTH");
        assertThat(lab.shell(
                                "url=$(sed -n s/^CELERY_BROKER_URL=//p /root/.env); redis-cli -u \"$url\" --no-auth-warning dbsize; stat -c %a /root/.env")
                        .ok())
                .isEqualTo(KEYS + "\n640");
        assertThat(lab.exec("stat", "-c", "%U:%G:%a", "/etc/redis-warden/main.password")
                        .ok())
                .isEqualTo("root:redis-warden:640");
        lab.exec("systemctl", "kill", "-s", "KILL", "redis-server").ok();
        lab.await("a Redis that asks for it", "redis-cli ping | grep -q NOAUTH");
        var checked = lab.execAs("redis-warden", "redis-warden", "check", "--only", "ping,auth,persistence,drift");
        assertThat(checked.exit()).as(checked.toString()).isZero();
        assertThat(checked.out().lines().findFirst()).hasValue("ok");
        assertThat(lab.shell("journalctl -b --no-pager | grep -cF \"$(cat /etc/redis-warden/main.password)\" || true")
                        .ok())
                .isEqualTo("0");
        itIsAsWished();
    }

    private static String seconds(int tenths) {
        return String.format(
                Locale.ROOT, "%.1f", Duration.ofMillis(tenths * 100L).toMillis() / 1000.0);
    }

    private void killRedis() {
        lab.exec("systemctl", "kill", "-s", "KILL", "redis-server").ok();
        awaitRedis();
    }

    private void awaitRedis() {
        lab.await("Redis", "redis-cli ping | grep -qx PONG && systemctl is-active --quiet redis-server");
    }

    private void everyKeyIsThere() {
        assertThat(lab.exec("redis-cli", "dbsize").ok()).isEqualTo(KEYS);
        assertThat(lab.exec("redis-cli", "get", "k77").ok()).isEqualTo("value77");
        assertThat(lab.exec("redis-cli", "lrange", "celery", "0", "-1").ok()).isEqualTo("task");
    }

    private void itIsAsWished() {
        var plan = lab.exec("redis-warden", "plan");
        assertThat(plan.exit()).as(plan.toString()).isZero();
        assertThat(plan.out()).contains("# nothing to do");
    }
}
