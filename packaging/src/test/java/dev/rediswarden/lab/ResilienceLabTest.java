package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the agent lives through: a bus that goes, a systemd that executes itself anew, its own threads frozen. */
@InEveryLab
class ResilienceLabTest {

    private final Lab lab;
    private final Agent agent;

    ResilienceLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @Test
    void aRestartedBusIsJoinedAgainAndItsSignalsAreHeard() {
        agent.awaitStatus(200);
        var pid = mainPid();
        lab.exec("systemctl", "restart", "dbus.service").ok();
        agent.awaitHealth("a known unit", answer -> answer.body().contains("active/running, enabled"));
        signalsAreHeard();
        assertThat(mainPid()).isEqualTo(pid);
    }

    @Test
    void withoutABusRedisIsStillWatchedAndTheUnitUnknown() {
        agent.awaitStatus(200);
        lab.shell("systemctl stop dbus.socket dbus.service").ok();
        var blind = agent.awaitHealth("unknown", answer -> answer.body().contains("systemd could not be asked"));
        assertThat(blind.statusCode()).isEqualTo(200);
        // By signal to the process: systemctl reaches the manager without a bus, but nothing announces it.
        lab.exec("systemctl", "kill", "--signal=STOP", "redis-server").ok();
        agent.awaitStatus(503);
        lab.exec("systemctl", "kill", "--signal=CONT", "redis-server").ok();
        agent.awaitStatus(200);
        lab.exec("systemctl", "start", "dbus.socket").ok();
        agent.awaitHealth("a known unit", answer -> answer.body().contains("active/running, enabled"));
    }

    @Test
    void aManagerThatExecutesItselfAnewIsStillHeard() {
        agent.awaitStatus(200);
        var pid = mainPid();
        lab.exec("systemctl", "daemon-reexec").ok();
        signalsAreHeard();
        lab.exec("systemctl", "daemon-reload").ok();
        signalsAreHeard();
        assertThat(mainPid()).isEqualTo(pid);
    }

    @Test
    void aFrozenAgentIsRestartedByTheWatchdogWhichLeavesAThreadDump() {
        agent.awaitStatus(200);
        var pid = mainPid();
        lab.exec("kill", "-STOP", pid).ok();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(mainPid()).isNotIn(pid, "0"));
        agent.awaitStatus(200);
        assertThat(lab.shell("journalctl -o cat -u redis-warden _PID=" + pid).ok())
                .contains("Full thread dump");
        assertThat(lab.shell("systemctl show -P NRestarts redis-warden").ok()).isNotEqualTo("0");
    }

    @Test
    void sinceOutlivesARestartAndADeathOfTheAgent() {
        agent.awaitStatus(200);
        lab.await("what it leaves", "grep -q '^main ping ok ' /var/lib/redis-warden/since");
        var since = since();
        lab.exec("systemctl", "restart", "redis-warden").ok();
        agent.awaitStatus(200);
        assertThat(since()).isEqualTo(since);

        var pid = mainPid();
        lab.exec("systemctl", "kill", "--signal=KILL", "redis-warden").ok();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> !mainPid().equals(pid) && !mainPid().equals("0"));
        agent.awaitStatus(200);
        assertThat(since()).isEqualTo(since);
        assertThat(lab.exec("stat", "-c", "%U %a", "/var/lib/redis-warden/since")
                        .ok())
                .isEqualTo("redis-warden 600");
    }

    @Test
    void whatLiesInPlaceOfItsOwnFileIsToldOnceAndKeepsItFromNothing() {
        agent.awaitStatus(200);
        var since = since();
        var journal = Journal.from(lab);
        lab.shell("systemctl stop redis-warden && head -c 4096 /dev/urandom > /var/lib/redis-warden/since"
                        + " && systemctl start redis-warden")
                .ok();
        agent.awaitStatus(200);
        assertThat(since()).isGreaterThan(since);
        assertThat(journal.messages("-u redis-warden").lines().filter(line -> line.contains("since.bad")))
                .hasSize(1);
        lab.await("a file of its own", "grep -q '^main ping ok ' /var/lib/redis-warden/since");
    }

    private String since() {
        return agent.get("/health/ping")
                .body()
                .lines()
                .filter(line -> line.contains("\"since\""))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void afterARebootItAnswersByItself() {
        lab.reboot();
        agent.awaitStatus(200);
        assertThat(lab.shell("systemctl show -P NRestarts redis-warden").ok()).isEqualTo("0");
    }

    /** A stop is told far faster than by the poll that would find it as well. */
    private void signalsAreHeard() {
        agent.awaitHealth("a known unit", answer -> answer.body().contains("active/running, enabled"));
        lab.exec("systemctl", "stop", "redis-server").ok();
        agent.awaitStatus(503);
        lab.exec("systemctl", "start", "redis-server").ok();
        agent.awaitStatus(200);
    }

    private String mainPid() {
        return lab.shell("systemctl show -P MainPID redis-warden").ok();
    }
}
