package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code check --env-file} as a deploy's user runs it, who may read the site's .env and nothing of redis-warden. */
@InEveryLab
@OneSuite
class PreflightLabTest {

    private static final String FILE = "/srv/shop/.env";
    private static final String SECRET = "hunter2hunter2";
    private static final String CHECK = "redis-warden check --env-file " + FILE;

    private final Lab lab;

    PreflightLabTest(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void setUp() {
        // In the file for a restart and for redis-warden, and at once.
        lab.shell("id deploy >/dev/null 2>&1 || useradd -m deploy; install -d -o deploy /srv/shop;"
                        + " cp -p /etc/redis/redis.conf /root/redis.conf;"
                        + " echo 'requirepass " + SECRET + "' >>/etc/redis/redis.conf;"
                        + " redis-cli CONFIG SET requirepass " + SECRET)
                .ok();
        site("REDIS_URL=%s/0\nexport CELERY_BROKER_URL='%s/1'\nCELERY_RESULT_BACKEND=\"%s/1\"\n"
                .replace("%s", "redis://:" + SECRET + "@127.0.0.1:6379"));
    }

    @AfterEach
    void restore() {
        lab.shell("rm -rf /run/systemd/system/redis-server.service.d; systemctl daemon-reload; redis-warden resume;"
                        + " cp -p /root/redis.conf /etc/redis/redis.conf; systemctl reset-failed redis-server;"
                        + " systemctl restart redis-server")
                .ok();
        lab.await("Redis without a password", "test \"$(redis-cli PING)\" = PONG");
    }

    @Test
    void theSiteIsJudgedWhereTheHostsChecksMayNotBeRun() {
        var checked = asDeploy(CHECK);
        assertThat(checked.ok())
                .startsWith("ok\n")
                .containsPattern("env_file +ok +" + FILE)
                .containsPattern("REDIS_URL +ok +database 0 of 127.0.0.1:6379 as user default: PONG")
                .containsPattern("CELERY_BROKER_URL +ok +database 1 of ")
                .containsPattern("CELERY_RESULT_BACKEND +ok +database 1 of ")
                .containsPattern("host +off +the host's own checks were not run: this user may not read"
                        + " /etc/redis-warden/redis-warden.toml");
        var both = lab.shell(CHECK).ok();
        assertThat(both)
                .containsPattern("REDIS_URL +ok")
                .containsPattern("unit +ok +redis-server.service")
                .doesNotContain("were not run");
    }

    @Test
    void aWrongPasswordIsOneLineAndACommandAndExit1() {
        lab.shell("redis-cli -a " + SECRET + " CONFIG SET requirepass another 2>/dev/null")
                .ok();
        var checked = asDeploy(CHECK + " --wait 1h");
        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.out())
                .startsWith("unhealthy\n")
                .containsPattern("REDIS_URL +unhealthy +127.0.0.1:6379 answers AUTH with WRONGPASS")
                .contains("mend with: sudoedit " + FILE);
    }

    @Test
    void anOpenFileIsMendedByTheCommandThatIsPrinted() {
        lab.shell("chmod 0644 " + FILE).ok();
        var checked = asDeploy(CHECK);
        assertThat(checked.ok()).startsWith("degraded\n").contains("mend with: sudo chmod o= " + FILE);
        lab.shell("chmod o= " + FILE).ok();
        assertThat(asDeploy(CHECK).ok()).startsWith("ok\n");
    }

    @Test
    void aFileThatIsMissingOrMayNotBeReadHasItsExitCode() {
        var missing = asDeploy("redis-warden check --env-file /srv/shop/none");
        assertThat(missing.exit()).isEqualTo(66);
        assertThat(missing.err()).isEqualTo("redis-warden: /srv/shop/none: --env-file must name a file that exists\n");
        lab.shell("chown root: " + FILE + "; chmod 0600 " + FILE).ok();
        var denied = asDeploy(CHECK);
        assertThat(denied.exit()).isEqualTo(77);
        assertThat(denied.err())
                .startsWith("redis-warden: " + FILE + ": --env-file must name a file that this user may read");
    }

    @Test
    void whoWasStoppedIsNotWaitedFor() {
        lab.shell("systemctl stop redis-server").ok();
        var checked = asDeploy(CHECK + " --wait 1h");
        assertThat(checked.exit()).isEqualTo(1);
        assertThat(checked.out())
                .contains("127.0.0.1:6379 cannot be reached", "mend with: sudo systemctl start redis-server.service");
        assertThat(checked.err()).isEmpty();
    }

    @Test
    void itWaitsThroughARestartAndFailsAtOnceWithoutWaiting() {
        failRedis();
        assertThat(asDeploy(CHECK).exit()).isEqualTo(1);
        assertThat(asDeploy(CHECK).out()).contains("127.0.0.1:6379 cannot be reached");
        // Started only once the check has begun to wait: what it tries meanwhile is refused.
        lab.shell("systemd-run -q --unit=preflight --uid=deploy -p StandardOutput=file:/tmp/preflight -p Type=exec"
                        + " -p RemainAfterExit=yes " + CHECK + " --wait 60s")
                .ok();
        lab.await("the check's Java", "pgrep -u deploy java");
        lab.shell("systemctl reset-failed redis-server; systemctl restart redis-server")
                .ok();
        lab.await("its end", "test \"$(systemctl show -P SubState preflight)\" != running");
        assertThat(lab.exec("systemctl", "show", "-P", "ExecMainStatus", "preflight")
                        .ok())
                .isEqualTo("0");
        assertThat(lab.shell("cat /tmp/preflight").ok())
                .startsWith("ok\n")
                .containsPattern("REDIS_URL +ok")
                .doesNotContain(SECRET);
        lab.shell("systemctl stop preflight").ok();
    }

    @Test
    void thePasswordIsInNoOutputNoArgumentAndNoJournal() {
        var journal = Journal.from(lab);
        failRedis();
        lab.shell("systemd-run -q --unit=preflight --uid=deploy -p Type=exec " + CHECK + " --wait 1h")
                .ok();
        lab.await("the check's Java", "pgrep -u deploy java");
        var arguments = lab.shell("cat /proc/[0-9]*/cmdline /proc/$(pgrep -u deploy java)/environ | tr '\\0' ' '")
                .ok();
        lab.exec("systemctl", "stop", "preflight").ok();
        assertThat(arguments).contains("check --env-file").doesNotContain(SECRET);
        var outputs = new StringBuilder();
        for (var options : new String[] {"", " --format json", " --format nagios", " --only ping"}) {
            var ended = asDeploy(CHECK + options);
            outputs.append(ended.out()).append(ended.err());
        }
        assertThat(outputs.toString()).contains("cannot be reached").doesNotContain(SECRET);
        assertThat(journal.messages("--output=export")).doesNotContain(SECRET);
    }

    @Test
    void aMonitorGetsOneLineAndItsOwnExitCodes() {
        var ok = asDeploy(CHECK + " --format nagios");
        assertThat(ok.ok())
                .startsWith("REDIS OK - ")
                .contains(" | 'REDIS_URL'=")
                .hasLineCount(1);
        lab.shell("systemctl stop redis-server").ok();
        var critical = asDeploy(CHECK + " --format nagios");
        assertThat(critical.exit()).isEqualTo(2);
        assertThat(critical.out()).startsWith("REDIS CRITICAL - ");
    }

    /** As one that somebody may start again any time, and nobody does. */
    private void failRedis() {
        lab.shell("redis-warden pause 1h; mkdir -p /run/systemd/system/redis-server.service.d;"
                        + " printf '[Service]\\nRestart=no\\n' >/run/systemd/system/redis-server.service.d/once.conf;"
                        + " systemctl daemon-reload; systemctl kill -s KILL redis-server")
                .ok();
        lab.await("a failed Redis", "systemctl is-failed -q redis-server");
    }

    private void site(String content) {
        lab.exec(content, new String[] {
                    "sh", "-ec", "cat > " + FILE + "; chown deploy: " + FILE + "; chmod 0640 " + FILE
                })
                .ok();
    }

    private Result asDeploy(String line) {
        return lab.execAs("deploy", "sh", "-c", line);
    }
}
