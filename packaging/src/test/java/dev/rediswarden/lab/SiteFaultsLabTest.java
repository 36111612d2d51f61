package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What befalls a host with sites: workers that take nothing, a power cut, many sites, scripts that are killed. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class SiteFaultsLabTest {

    private static final String SITE = GoldenSite.SITE;
    private static final String WORKER = "$(systemctl show -P MainPID sum-acme-celery)";
    private static final String CELERY =
            "cd /srv/sum/acme/app; set -a; . ../.env; ../venv/bin/python -m celery -A acme ";
    private static final String STATUS = "curl -s localhost:9180/health/celery | grep ";

    private GoldenSite site;
    private Lab lab;

    @BeforeAll
    void provisionAndDeploy() {
        site = GoldenSite.up();
        lab = site.lab;
        site.deployed.ok();
        // A window that a test can wait for; the rest is as in production.
        lab.shell("printf '[cycle]\\nslow = \"1s\"\\n[[redis]]\\n[redis.limits]\\nqueue_stall = \"10s\"\\n'"
                        + " >>/etc/redis-warden/redis-warden.toml; systemctl reload redis-warden")
                .ok();
    }

    @AfterAll
    void close() {
        site.close();
    }

    @BeforeEach
    void theWorkerWorks() {
        lab.await("the worker", CELERY + "inspect ping | grep -q pong");
    }

    @Test
    void aFrozenWorkerIsToldWithinTwoWindows() {
        lab.shell("kill -STOP " + WORKER).ok();
        queue("frozen");

        lab.await("the stall", Duration.ofSeconds(20), STATUS + "'never got shorter'");
        assertThat(lab.shell("systemctl is-active sum-acme-celery; kill -0 " + WORKER)
                        .ok())
                .isEqualTo("active");

        lab.shell("kill -CONT " + WORKER).ok();
        isWorkedOff("frozen");
    }

    @Test
    void aWorkerWithoutItsConsumerIsToldWithinTwoWindows() {
        lab.shell(CELERY + "control cancel_consumer celery").ok();
        queue("unheard");

        lab.await("the stall", Duration.ofSeconds(20), STATUS + "'never got shorter'");
        assertThat(lab.shell("systemctl is-active sum-acme-celery; " + CELERY + "inspect ping")
                        .ok())
                .contains("active", "pong");

        lab.shell("systemctl restart sum-acme-celery").ok();
        isWorkedOff("unheard");
    }

    @Test
    void aWorkerSurvivesARestartOfRedisOrIsToldOfThatItDidNot() {
        lab.shell("systemctl restart redis-server").ok();
        queue("restarted");

        lab.await(
                "the tasks or the finding",
                Duration.ofSeconds(40),
                SITE + "/done/restarted3/ | grep -qx done || " + STATUS + "'never got shorter'");
        lab.shell("systemctl restart sum-acme-celery").ok();
        isWorkedOff("restarted");
    }

    private void queue(String name) {
        lab.shell("for i in 1 2 3; do " + SITE + "/queue/" + name + "$i/ | grep -x queued; done")
                .ok();
    }

    private void isWorkedOff(String name) {
        lab.await("the tasks", "for i in 1 2 3; do " + SITE + "/done/" + name + "$i/ | grep -qx done || exit 1; done");
        lab.await("that all is well", STATUS + "'\"ok\"'");
    }

    @Test
    void aDeployStopsWhileRedisLoads() {
        var before = lab.shell(REVISION).ok();
        lab.shell("cd /srv/site; echo '# loading' >>acme/urls.py; " + GoldenSite.publish("loading"))
                .ok();
        // 10 ms for each of 30,000 keys, which is longer than the deploy waits.
        lab.shell("for i in $(seq 30000); do echo SET key$i v; done | redis-cli -n 9 --pipe; redis-cli SAVE;"
                        + " redis-cli BGREWRITEAOF; until redis-cli INFO persistence"
                        + " | tr -d '\\r' | grep -qx aof_rewrite_in_progress:0; do sleep .05; done;"
                        + " cp -p /etc/redis/redis.conf /root/redis.conf;"
                        + " printf 'key-load-delay 10000\\nloading-process-events-interval-bytes 1024\\n'"
                        + " >>/etc/redis/redis.conf; systemctl --no-block restart redis-server;"
                        + " until redis-cli PING | grep LOADING; do sleep .05; done")
                .ok();

        var refused = lab.shell(GoldenSite.DEPLOY);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("Redis check failed: ", "LOADING");
        assertThat(lab.shell(REVISION).ok()).isEqualTo(before);

        lab.shell(
                        "cp -p /root/redis.conf /etc/redis/redis.conf; systemctl restart redis-server; redis-cli -n 9 FLUSHDB;"
                                + GoldenSite.DEPLOY)
                .ok();
        assertThat(lab.shell(REVISION).ok()).isNotEqualTo(before);
    }

    private static final String REVISION = "runuser -u deploy -- git -C /srv/sum/acme/app rev-parse HEAD";

    @Test
    void aPowerCutLosesTheLastSecondAtMost() {
        lab.shell("systemctl stop sum-acme-celery; " + SITE + "/queue/cut/ | grep -x queued")
                .ok();
        lab.shell(
                        "systemd-run -q --unit=writer sh -c 'n=0; while :; do n=$((n + 1)); redis-cli -n 9 SET written $n >/dev/null;"
                                + " echo \"$(date +%s%N) $n\" >>/root/written; done'")
                .ok();
        lab.await(
                "two seconds of writes",
                "test $(($(date +%s%N) - $(sed -n '1s/ .*//p' /root/written))) -gt 2000000000");

        lab.powerCut();

        lab.await("Redis", "redis-cli PING | grep -x PONG");
        // The last write may have been taken down by Redis alone.
        assertThat(lab.shell("awk -v kept=\"$(redis-cli -n 9 GET written)\" '{ at[$2] = $1; last = $1 }"
                                + " END { for (n in at) if (at[n] <= last - 1e9 && n + 0 > least) least = n + 0;"
                                + " print (kept >= least) ? \"kept\" : \"lost \" kept \" of \" least }' /root/written")
                        .ok())
                .isEqualTo("kept");
        lab.await("the task that was queued before", SITE + "/done/cut/ | grep -x done");
        lab.await("health", "curl -s -o /dev/null -w '%{http_code}' localhost:9180/health | grep -x 200");
    }

    @Test
    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    void aScriptThatIsKilledAtAnyStepEndsWellTheNextTime() {
        var provision = GoldenSite.SCRIPTS + "provision_vps.sh --site-slug killed --deploy-user killed"
                + " --project-module acme --domain killed.localhost --repo /srv/acme.git --system-site-packages --firewall";
        assertThat(killed(provision).lines().filter(line -> line.startsWith("killed at: ")))
                .hasSizeGreaterThan(20);
        assertThat(lab.shell(provision).ok().lines()).isNotEmpty().allMatch(line -> line.startsWith("ok      "));
        assertThat(lab.shell("find /etc/systemd/system /etc/caddy/sites /srv/sum/killed -maxdepth 1 -name '*.partial'"
                                + " -o -maxdepth 1 -name '*.service.*' -o -maxdepth 1 -name '*.socket.*'"
                                + " -o -maxdepth 1 -name '*.caddy.*' -o -maxdepth 1 -name '.env.*'")
                        .ok())
                .as("what was not finished")
                .isEmpty();

        assertThat(killed(GoldenSite.SCRIPTS + "deploy.sh --site-slug killed")
                        .lines()
                        .filter(line -> line.startsWith("killed at: ")))
                .hasSizeGreaterThan(10);
        assertThat(lab.shell(SITE.replace("acme", "killed") + "/health/").ok()).contains("\"status\": \"ok\"");
    }

    private String killed(String script) {
        return lab.shell(
                        "/root/killed_at_each_step.sh 'useradd|install|runuser|mv|rm|rmdir|chmod|chown|systemctl|cp|ufw"
                                + "|redis-warden|systemd-run' " + script)
                .ok();
    }

    /** The other site's URLs lead nowhere meanwhile. */
    @Test
    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    void aSiteLivesOnARedisThatListensOnASocketAloneAndAsksForAPassword() {
        var provision = GoldenSite.SCRIPTS
                + "provision_vps.sh --site-slug socket --deploy-user deploy --project-module acme"
                + " --domain socket.localhost --repo /srv/acme.git --system-site-packages";
        var site = SITE.replace("acme", "socket");
        lab.shell("cp -p /etc/redis/redis.conf /root/before.conf; redis-cli CONFIG SET requirepass s3cr@t/;"
                        + " REDISCLI_AUTH=s3cr@t/ redis-cli CONFIG REWRITE; sed -i '/^port /d' /etc/redis/redis.conf;"
                        + " printf 'port 0\\nunixsocket /run/redis/redis-server.sock\\nunixsocketperm 770\\n'"
                        + " >>/etc/redis/redis.conf; systemctl stop sum-acme-celery; systemctl restart redis-server")
                .ok();
        try {
            var refused = lab.shell(provision);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("deploy may not connect: sudo usermod -aG redis deploy");
            lab.shell("usermod -aG redis deploy").ok();

            var provisioned = lab.shell(provision);
            provisioned.ok();
            assertThat(provisioned.toString()).doesNotContain("s3cr");
            assertThat(lab.shell("grep -hE '^(REDIS|CELERY)_' /srv/sum/socket/.env | sed 's/:[^:]*@/:…@/;s/[0-9]*$//'")
                            .ok()
                            .lines())
                    .containsExactly(
                            "REDIS_URL=unix://default:…@/run/redis/redis-server.sock?db=",
                            "CELERY_BROKER_URL=redis+socket://default:…@/run/redis/redis-server.sock?virtual_host=",
                            "CELERY_RESULT_BACKEND=redis+socket://default:…@/run/redis/redis-server.sock?virtual_host=");
            lab.shell(GoldenSite.SCRIPTS + "deploy.sh --site-slug socket; " + site + "/queue/first/ | grep -x queued")
                    .ok();
            lab.await("the task", site + "/done/first/ | grep -x done");
            assertThat(lab.shell(GoldenSite.SCRIPTS + "smoke.sh --site-slug socket")
                            .ok())
                    .contains("/run/redis/redis-server.sock alone")
                    .doesNotContain("FAILED");

            // Root can connect to any socket, and is not the one who has to.
            lab.shell("gpasswd -d deploy redis").ok();
            assertThat(lab.shell(GoldenSite.SCRIPTS + "deploy.sh --site-slug socket")
                            .err())
                    .contains(
                            "Redis check failed: REDIS_URL: deploy may not connect to /run/redis/redis-server.sock; mend with: sudo usermod");
        } finally {
            lab.shell(
                            "cp -p /root/before.conf /etc/redis/redis.conf; systemctl disable -q --now sum-socket-gunicorn.socket"
                                    + " sum-socket-gunicorn sum-socket-celery sum-socket-backup.timer; rm -rf /srv/sum/socket"
                                    + " /etc/redis-warden/conf.d/sum-socket.toml /etc/caddy/sites/socket.caddy; systemctl restart redis-server;"
                                    + " systemctl start sum-acme-celery; systemctl reload redis-warden caddy")
                    .ok();
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    void twentySitesKeepTheirTasksWhileOneFillsTheCache() {
        lab.shell("sed -i 's/^databases .*/databases 64/' /etc/redis/redis.conf; systemctl restart redis-server")
                .ok();
        for (int i = 2; i <= 20; i++) {
            lab.shell("install -d -o deploy /srv/sum/site-" + i + "; cp -a /srv/sum/acme/venv /srv/sum/site-" + i + "; "
                            + GoldenSite.SCRIPTS + "provision_vps.sh --site-slug site-" + i
                            + " --deploy-user deploy --project-module acme --system-site-packages")
                    .ok();
        }
        assertThat(lab.shell("grep -h ^CELERY_BROKER_URL= " + SITES + " | sort -u | wc -l")
                        .ok())
                .as("databases")
                .isEqualTo("20");
        lab.shell("systemctl stop sum-acme-celery; for env in " + SITES
                        + "; do url=$(sed -n 's/^CELERY_BROKER_URL=//p' $env);"
                        + " python3 -c 'import celery, sys; app = celery.Celery(broker=sys.argv[1]);"
                        + " [app.send_task(\"acme.tasks.write\", [str(i)]) for i in range(20)]' $url; done")
                .ok();
        var lengths = lab.shell(LENGTHS).ok();
        assertThat(lengths.lines()).hasSize(20).allMatch(line -> line.endsWith(" 20"));

        lab.shell("redis-cli CONFIG SET maxmemory $(($(redis-cli INFO memory | tr -d '\\r' | sed -n"
                        + " 's/^used_memory://p') + 16000000)); " + FILL)
                .ok();
        assertThat(lab.shell("redis-cli INFO stats | tr -d '\\r' | sed -n 's/^evicted_keys://p'")
                        .ok())
                .isNotEqualTo("0");
        assertThat(lab.shell(LENGTHS).ok()).isEqualTo(lengths);

        lab.shell("redis-cli CONFIG RESETSTAT; redis-cli CONFIG SET maxmemory-policy allkeys-lru")
                .ok();
        var told = lab.shell("redis-warden check --only eviction || true").ok();
        assertThat(told).contains("degraded", "allkeys-lru", "queued tasks");
        lab.shell(FILL).ok();
        assertThat(lab.shell(LENGTHS).ok()).as("and then they are lost").isNotEqualTo(lengths);

        lab.shell("redis-cli -n 0 FLUSHDB; systemctl restart redis-server sum-acme-celery")
                .ok();
    }

    /** A cache of one site, twice as much as there is room for. */
    private static final String FILL = "v=$(printf %01000d 0); seq 32000 | sed \"s/.*/SET cache:& $v EX 3600/\""
            + " | redis-cli -n 0 --pipe | grep 'errors: 0'";

    private static final String SITES = "/srv/sum/acme/.env /srv/sum/site-*/.env";

    private static final String LENGTHS = "for env in " + SITES + "; do url=$(sed -n 's/^CELERY_BROKER_URL=//p' $env);"
            + " echo \"$url $(redis-cli -u $url LLEN celery)\"; done";
}
