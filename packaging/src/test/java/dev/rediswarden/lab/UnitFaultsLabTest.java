package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be wrong with a unit while redis-warden is told to keep its hands off; each mended by what /health prints. */
@InEveryLab
@OneSuite
class UnitFaultsLabTest {

    private static final String DROP_IN = "/run/systemd/system/redis-server.service.d/test.conf";
    private static final Duration STUCK = Duration.ofSeconds(90);

    private final Lab lab;
    private final Agent agent;
    private final Site site;

    UnitFaultsLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
        this.site = new Site(lab);
    }

    @BeforeEach
    void paused() {
        lab.exec("redis-warden", "pause", "10m").ok();
        agent.awaitStatus(200);
    }

    @AfterEach
    void mend() {
        takeCauseAway();
        lab.shell("systemctl reset-failed redis-server; systemctl start redis-server; redis-warden resume")
                .ok();
    }

    @Test
    void aFileThatSystemdHasNotReadIsTold() {
        site.write(DROP_IN, "[Service]\nNice=1\n");
        awaitUnit("NeedDaemonReload");
        mendAsPrinted("NeedDaemonReload");
    }

    @Test
    void aStopThatIsStuckIsToldAndEnded() {
        service("ExecStop=/bin/sleep 600", "TimeoutStopSec=0");
        lab.exec("systemctl", "stop", "--no-block", "redis-server").ok();
        awaitUnit("the stop is stuck");
        lab.shell(Agent.remedy(agent.get("/health/unit").body())).ok();
        awaitUnit("sudo systemctl start redis-server.service");
        takeCauseAway();
        mendAsPrinted("is inactive/dead");
    }

    @Test
    void aStartLimitThatWasHitIsToldByItsName() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        service("ExecStart=", "ExecStart=/bin/true", "Type=simple", "Restart=always", "RestartSec=0");
        lab.exec("systemctl", "start", "--no-block", "redis-server").ok();
        awaitUnit("result start-limit-hit");
        takeCauseAway();
        mendAsPrinted("result start-limit-hit");
    }

    @Test
    void aStartThatTookTooLongIsToldByItsName() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        service("ExecStartPre=/bin/sleep 600", "TimeoutStartSec=1s", "Restart=no");
        lab.exec("systemctl", "start", "--no-block", "redis-server").ok();
        awaitUnit("result timeout");
        takeCauseAway();
        mendAsPrinted("result timeout");
    }

    @Test
    void crashesThatSystemdHidesByRestartsAreCounted() {
        service("RestartSec=100ms", "StartLimitBurst=10");
        for (int crash = 0; crash < 2; crash++) {
            lab.exec("systemctl", "kill", "--signal=KILL", "redis-server").ok();
            lab.await("Redis after a crash", "redis-cli ping | grep -q PONG");
        }
        awaitUnit("was restarted ");
        assertThat(agent.get("/health/unit").body()).contains("\"degraded\"", "it crashes again and again");
    }

    /** Systemd has started it again before anybody looks, so that its result says nothing of it. */
    @Test
    void whatTheKernelKilledForLackOfMemoryIsToldThoughItRunsAgain() throws IOException {
        String before =
                lab.exec("systemctl", "show", "-P", "MainPID", "redis-server").ok();
        MemoryBound.of(lab, Integer.parseInt(before)).set("64M");
        lab.shell("redis-cli eval \"for i = 1, 400 do redis.call('set', i, string.rep('x', 2 ^ 20)) end\" 0");
        lab.await(
                "systemd's restart",
                "[ \"$(systemctl show -P MainPID redis-server)\" != " + before + " ] && redis-cli ping | grep -q PONG");
        awaitUnit("for lack of memory (oom_kill of /proc/vmstat)");
        assertThat(agent.get("/health/unit").body()).contains("\"degraded\"", "and the kernel killed ");
    }

    private void service(String... lines) {
        // Debian's unit lets nothing but Redis be executed.
        site.write(DROP_IN, "[Service]\nExecPaths=/bin /usr/bin\n" + String.join("\n", lines) + "\n");
        lab.exec("systemctl", "daemon-reload").ok();
    }

    private void takeCauseAway() {
        lab.shell("rm -f " + DROP_IN + "; systemctl daemon-reload").ok();
    }

    private void awaitUnit(String evidence) {
        lab.await("unit: " + evidence, STUCK, "curl -s localhost:9180/health/unit | grep -qF '" + evidence + "'");
    }

    /** Not ok, as crashes are told for ten minutes: of that fault there is no word any more. */
    private void mendAsPrinted(String evidence) {
        lab.shell(Agent.remedy(agent.get("/health/unit").body())).ok();
        lab.await(
                "no more: " + evidence,
                "curl -s localhost:9180/health/unit > /run/unit && ! grep -qF '" + evidence
                        + "' /run/unit && ! grep -q unhealthy /run/unit");
        agent.awaitStatus(200);
    }
}
