package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody else in Redis's place: on its address, on its port, on its data; each mended by what /health prints. */
@InEveryLab
@OneSuite
class IdentityLabTest {

    /** A unit must have been as it is for 25 s, and sockets and INFO are read every ten. */
    private static final Duration SETTLED = Duration.ofSeconds(60);

    private final Lab lab;
    private final Agent agent;

    IdentityLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @BeforeEach
    void redisRuns() {
        agent.awaitStatus(200);
    }

    @AfterEach
    void mend() {
        lab.shell("systemctl stop other.service 2>/dev/null || true; systemctl start redis-server")
                .ok();
    }

    @Test
    void anotherServerOnTheAddressOfAStoppedOneIsFound() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        other("--uid=nobody", "--port 6379 --dir /tmp --save ''");
        awaitIdentity("is inactive and runs none");
        mendAsPrinted();
        assertThat(lab.exec("systemctl", "is-active", "redis-server").ok()).isEqualTo("active");
    }

    @Test
    void anotherServerOnTheOtherLoopbackAddressIsFound() {
        lab.exec("redis-cli", "CONFIG", "SET", "bind", "127.0.0.1").ok();
        other("--uid=nobody", "--port 6379 --bind ::1 --dir /tmp --save ''");
        awaitIdentity("[::1]:6379 (user ");
        mendAsPrinted();
    }

    @Test
    void anotherServerThatSavesOverTheDumpIsFound() {
        // The server's own last save is to be some seconds ago: its start counts as one.
        lab.await("a save of seconds ago", "test $(($(date +%s) - $(redis-cli LASTSAVE))) -gt 6");
        other("--uid=redis", "--port 6390 --dir /var/lib/redis --save ''");
        lab.await("the other server", "redis-cli -p 6390 SAVE");
        awaitIdentity("/var/lib/redis/dump.rdb was written at ");
        mendAsPrinted();
    }

    private void other(String user, String options) {
        lab.shell("systemd-run --quiet --unit=other --collect " + user + " redis-server " + options)
                .ok();
    }

    private void awaitIdentity(String evidence) {
        lab.await(
                "identity: " + evidence,
                SETTLED,
                "curl -s localhost:9180/health/identity | tee /run/identity | grep -qF '" + evidence
                        + "' && grep -q unhealthy /run/identity");
    }

    private void mendAsPrinted() {
        lab.shell(Agent.remedy(agent.get("/health/identity").body())).ok();
        lab.await("identity ok", SETTLED, "curl -s localhost:9180/health/identity | grep -q '\"status\": \"ok\"'");
        agent.awaitStatus(200);
    }
}
