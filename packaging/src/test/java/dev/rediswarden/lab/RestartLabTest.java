package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Redis that systemd does not restart by itself: started again within a budget, and never against a person. */
@InEveryLab
@OneSuite
class RestartLabTest {

    private static final String DROP_IN = "/run/systemd/system/redis-server.service.d/test.conf";
    private static final Duration PAUSES = Duration.ofMinutes(4);

    private final Lab lab;
    private final Agent agent;
    private final Site site;

    RestartLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
        this.site = new Site(lab);
    }

    @BeforeEach
    void systemdRestartsNothing() {
        service("Restart=no");
        lab.shell("systemctl reset-failed redis-server; systemctl start redis-server; redis-warden resume")
                .ok();
        agent.awaitStatus(200);
    }

    @AfterEach
    void mend() {
        lab.shell("rm -f " + DROP_IN + "; systemctl daemon-reload; systemctl reset-failed redis-server;"
                        + " systemctl start redis-server; redis-warden resume")
                .ok();
    }

    @Test
    void aCrashIsMendedWithinSecondsAndTheJournalSaysByWhom() {
        var journal = Journal.from(lab);
        var pid = lab.exec("systemctl", "show", "-P", "MainPID", "redis-server").ok();
        kill();
        lab.await(
                "another process that answers",
                Duration.ofSeconds(5),
                "test \"$(systemctl show -P MainPID redis-server)\" -gt 0"
                        + " -a \"$(systemctl show -P MainPID redis-server)\" != " + pid
                        + " && test \"$(redis-cli ping)\" = PONG");
        var decision = "-t redis-warden MESSAGE_ID=" + Journal.STARTED;
        journal.awaitMessage(Duration.ofSeconds(30), decision);
        assertThat(journal.messages(decision))
                .isEqualTo("start redis-server.service (failed with result signal): the job is done, and the unit"
                        + " active/running");
        assertThat(journal.explained(decision))
                .contains("A failed Redis was started again", "had failed, and redis-warden has started it again.");
    }

    /** The pauses before the second and third start are 20 and 80 s. */
    @Test
    void aCrashLoopIsGivenUpWithItsReason() {
        var journal = Journal.from(lab);
        service("Restart=no", "Type=simple", "ExecStart=", "ExecStart=/bin/false");
        kill();
        agent.awaitHealth("a pause", answer -> answer.body().contains("is started again after a pause"));
        var given = "-t redis-warden MESSAGE_ID=" + Journal.GAVE_UP;
        journal.awaitMessage(PAUSES, given);
        agent.awaitHealth("the end", answer -> answer.body().contains("gave up, because it was started 3 times"));
        assertThat(agent.get("/health/unit").body()).contains("gave up, because it was started 3 times");
        assertThat(agent.get("/metrics").body())
                .containsPattern("redis_warden_restart_budget\\{[^}]*redis-server.service[^}]*} 0");
        site.hand();
        assertThat(journal.messages("UNIT=" + Site.REDIS)
                        .lines()
                        .filter(line -> line.startsWith("Started ") || line.startsWith("Starting ")))
                .hasSize(3);
        service("Restart=no");
        lab.exec("systemctl", "start", "redis-server").ok();
        agent.awaitStatus(200);
    }

    @Test
    void aStopIsRespected() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        agent.awaitHealth(
                "a stop that is respected",
                answer -> answer.body().contains("it was stopped, which redis-warden respects until the next boot"));
        site.hand();
        assertThat(lab.exec("systemctl", "is-active", "redis-server").out().strip())
                .isEqualTo("inactive");
        assertThat(lab.exec("redis-warden", "apply", "--units").ok()).contains("done    start " + Site.REDIS);
        assertThat(lab.exec("redis-cli", "ping").ok()).isEqualTo("PONG");
    }

    @Test
    void aPauseLeavesAFailureUntilItsEnd() {
        assertThat(lab.exec("redis-warden", "pause", "5m").ok()).startsWith("paused until ");
        kill();
        agent.awaitHealth(
                "a pause", answer -> answer.body().contains("is not started by redis-warden, which is paused"));
        site.hand();
        assertThat(lab.exec("systemctl", "is-failed", "redis-server").ok()).isEqualTo("failed");
        assertThat(agent.get("/health/unit").body()).contains("which is paused until ");
        assertThat(lab.exec("redis-warden", "resume").ok()).contains("resumed", "done    start " + Site.REDIS);
        assertThat(lab.exec("redis-cli", "ping").ok()).isEqualTo("PONG");
        agent.awaitStatus(200);
    }

    private void kill() {
        lab.exec("systemctl", "kill", "--signal=KILL", "redis-server").ok();
    }

    private void service(String... lines) {
        site.write(DROP_IN, "[Service]\n" + String.join("\n", lines) + "\n");
        lab.exec("systemctl", "daemon-reload").ok();
    }
}
