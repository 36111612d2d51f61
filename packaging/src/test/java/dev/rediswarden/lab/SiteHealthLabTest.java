package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real site behind a real Caddy, as redis-warden sees it: what is wrong is told, mended by what it says, and no 503. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class SiteHealthLabTest {

    private static final String HEALTH = "/health/acme/health";
    private static final String BACKUP = "/health/acme/backup";
    private static final String STATUS_FILE = "/var/lib/sum/acme/backup";
    private static final String PART = "/etc/redis-warden/conf.d/sum-acme.toml";
    private static final String SOCKET = "/run/sum-acme-gunicorn.sock";

    private GoldenSite site;
    private Lab lab;
    private Agent agent;

    @BeforeAll
    void provisionAndDeploy() {
        site = GoldenSite.up();
        lab = site.lab;
        site.provisioned.ok();
        site.deployed.ok();
        agent = lab.agent();
        lab.exec("cp", "-p", PART, "/root/kept.toml").ok();
    }

    @AfterEach
    void asItWas() {
        lab.shell("rm -f " + STATUS_FILE + "; cp -p /root/kept.toml " + PART
                        + "; systemctl start postgresql caddy sum-acme-gunicorn.socket sum-acme-gunicorn.service;"
                        + " systemctl reload redis-warden")
                .ok();
        await(HEALTH, "\"status\": \"ok\"");
    }

    @AfterAll
    void close() {
        site.close();
    }

    @Test
    void aProvisionedSiteIsAskedThroughCaddy() {
        var answer = await(HEALTH, "\"status\": \"ok\"");

        assertThat(answer).contains("https://acme.localhost/health/ answers 200 and \\\"ok\\\"", "\"kind\": \"site\"");
        assertThat(lab.exec("stat", "-c", "%U %G %a", PART).ok()).isEqualTo("root redis-warden 640");
        assertThat(agent.get("/metrics").body())
                .contains("redis_warden_site{check=\"health\",site=\"acme\",status=\"ok\"} 1");
        assertThat(lab.exec("redis-warden", "check", "--only", "acme/health").ok())
                .startsWith("ok")
                .contains("acme/health");
        assertThat(lab.exec("redis-warden", "check", "--env-file", "/srv/sum/acme/.env")
                        .toString())
                .contains("REDIS_URL")
                .doesNotContain("acme/health");
    }

    @Test
    void aStoppedGunicornIsToldWithItsCauseAndTheAgentIsNoLessHealthy() {
        lab.exec("systemctl", "stop", "sum-acme-gunicorn.socket", "sum-acme-gunicorn.service")
                .ok();

        var told = await(HEALTH, "\"status\": \"degraded\"");

        assertThat(told).contains("answers 502", "Caddy does not reach sum-acme-gunicorn.service");
        assertThat(agent.get("/health").statusCode()).isEqualTo(200);
        assertThat(lab.exec("redis-warden", "status").ok()).contains("acme/health");
        lab.shell(Agent.remedy(told)).ok();
        await(HEALTH, "\"status\": \"ok\"");
    }

    @Test
    void whatTheSiteMissesIsToldInItsOwnWords() {
        lab.exec("systemctl", "stop", "postgresql").ok();

        var told = await(HEALTH, "answers 503");

        assertThat(told)
                .contains("\"status\": \"degraded\"", "says \\\"unhealthy\\\" (database: OperationalError)")
                .contains("sudo journalctl -u sum-acme-gunicorn -n 50");
        assertThat(agent.get("/health").statusCode()).isEqualTo(200);
        lab.exec("systemctl", "start", "postgresql").ok();
        await(HEALTH, "\"status\": \"ok\"");
    }

    @Test
    void aSiteThatIsCalledCriticalMakesTheWholeUnhealthy() {
        lab.shell("echo 'severity = \"critical\"' >>" + PART + "; systemctl reload redis-warden; systemctl stop caddy")
                .ok();

        agent.awaitStatus(503);

        var told = agent.get(HEALTH).body();
        assertThat(told).contains("nobody listens at 127.0.0.1:443");
        lab.shell(Agent.remedy(told)).ok();
        agent.awaitStatus(200);
    }

    @Test
    void itsSocketIsAskedWhereItHasNoDomain() {
        lab.shell("printf '[[site]]\\nname = \"acme\"\\nsocket = \"" + SOCKET + "\"\\nhost = \"acme.localhost\"\\n' >"
                        + PART + "; systemctl reload redis-warden")
                .ok();
        await(HEALTH, "/health/ at " + SOCKET + " answers 200");
        assertThat(lab.exec("stat", "-c", "%U %G %a", SOCKET).ok()).isEqualTo("caddy redis-warden 660");

        lab.exec("chgrp", "root", SOCKET).ok();
        var told = await(HEALTH, "\"status\": \"unknown\"");

        assertThat(told).contains("this user may not connect to " + SOCKET);
        lab.shell(Agent.remedy(told)).ok();
        await(HEALTH, "\"status\": \"ok\"");
        lab.exec("systemctl", "stop", "sum-acme-gunicorn.socket", "sum-acme-gunicorn.service")
                .ok();
        await(HEALTH, "nobody listens at " + SOCKET);
    }

    @Test
    void aBackupIsToldByItsAge() {
        backup("backed_up_at=$(date -d '-5 days' +%s)", "bytes=4096", "drilled_at=$(date +%s)");
        assertThat(await(BACKUP, "was made 5 d ago"))
                .contains("\"status\": \"degraded\"", "sudo systemctl start sum-acme-backup.service");
        backup("backed_up_at=$(date +%s)", "bytes=4096", "drilled_at=$(date +%s)");
        await(BACKUP, "\"status\": \"ok\"");
        backup("backed_up_at=soon");
        assertThat(await(BACKUP, "\"status\": \"unknown\"")).contains("is no line that backup.sh writes");
        lab.exec("rm", STATUS_FILE).ok();
        await(BACKUP, "no backup was ever made");
    }

    @Test
    void aBadFileBesideTheConfigurationChangesNothing() {
        var bad = "/etc/redis-warden/conf.d/bad.toml";
        lab.shell("echo '[http]' >" + bad).ok();
        try {
            assertThat(lab.exec("systemctl", "reload", "redis-warden").exit()).isNotZero();
            assertThat(lab.exec("redis-warden", "config").err())
                    .contains(bad + ":1: http is not known; known here: site");
            await(HEALTH, "\"status\": \"ok\"");
        } finally {
            lab.exec("rm", bad).ok();
        }
    }

    @Test
    void theSiteGoesOnWithoutRedisWarden() {
        try (var other = lab.copy()) {
            other.await("the site", GoldenSite.SITE + "/health/ | grep '\"status\": \"ok\"'");
            other.shell("apt-get -qy purge redis-warden; [ ! -e /etc/redis-warden ]; ! getent group redis-warden;"
                            + " [ \"$(stat -c %g " + SOCKET + ")\" = 0 ]")
                    .ok();
            other.shell("systemctl restart sum-acme-gunicorn.socket; systemctl start sum-acme-gunicorn.service")
                    .ok();
            other.await("the site", GoldenSite.SITE + "/health/ | grep '\"status\": \"ok\"'");
        }
    }

    private void backup(String... lines) {
        lab.shell("mkdir -p /var/lib/sum/acme; printf '%s\\n' \"" + String.join("\" \"", lines) + "\" >" + STATUS_FILE)
                .ok();
    }

    /** Within three of its slow rounds. */
    private String await(String path, String words) {
        agent.awaitHealth(words, answer -> agent.get(path).body().contains(words));
        return agent.get(path).body();
    }
}
