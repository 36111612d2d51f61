package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redis down, back, hung, loading, exposed: what /health says of each, on a host as it is installed. */
@InEveryLab
class RedisFaultsLabTest {

    private final Lab lab;
    private final Agent agent;

    RedisFaultsLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @BeforeEach
    void redisRuns() {
        agent.awaitStatus(200);
    }

    @AfterEach
    void mend() {
        lab.shell("systemctl reset-failed redis-server; systemctl start redis-server")
                .ok();
    }

    @Test
    void aStoppedUnitIsToldByItsStateAndItsStartAsWell() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        agent.awaitStatus(503);
        var down = agent.awaitHealth("a stopped unit", answer -> answer.body().contains("is inactive/dead"));
        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(down.body()).contains("sudo systemctl start redis-server.service");
        lab.exec("systemctl", "start", "redis-server").ok();
        agent.awaitStatus(200);
    }

    @Test
    void aKilledServerIsToldAndItsRestartBySystemdToo() {
        // Debian restarts it at once; a pause makes sure that the time between is seen by a poller.
        dropIn("[Service]\nRestartSec=1s\n");
        lab.exec("systemctl", "kill", "--signal=KILL", "redis-server").ok();
        var down = agent.awaitStatus(503);
        assertThat(down.body()).contains("activating/auto-restart").contains("result signal");
        agent.awaitStatus(200);
        dropIn("");
    }

    @Test
    void aHungServerIsToldByTimeoutsAndNotByOne() {
        lab.exec("systemctl", "kill", "--signal=STOP", "redis-server").ok();
        agent.awaitHealth("a first timeout", answer -> answer.body().contains("1 PING in a row"));
        var down = agent.awaitStatus(503);
        assertThat(down.body()).contains("3 PING in a row").contains("the server hangs");
        lab.exec("systemctl", "kill", "--signal=CONT", "redis-server").ok();
        agent.awaitStatus(200);
    }

    @Test
    void aLoadingServerIsDegradedWithAnEstimateAndNeverDown() {
        lab.shell("redis-cli DEBUG HELP >/dev/null; redis-cli --pipe-timeout 1 EVAL "
                        + "\"for i=1,40000 do redis.call('SET', 'key:' .. i, i) end return 1\" 0 && redis-cli SAVE")
                .ok();
        // Redis itself can be told to load slowly: 100 µs a key make some four seconds.
        lab.shell("cp -p /etc/redis/redis.conf /root/redis.conf;"
                        + " printf 'key-load-delay 100\\nloading-process-events-interval-bytes 1024\\n'"
                        + " >> /etc/redis/redis.conf")
                .ok();
        var journal = Journal.from(lab);
        lab.exec("systemctl", "--no-block", "restart", "redis-server").ok();
        var loading = agent.awaitHealth("loading", answer -> answer.body().contains("loading its dataset"));
        assertThat(loading.statusCode()).isEqualTo(200);
        assertThat(agent.get("/health/ping").body()).contains("\"degraded\"");
        agent.awaitHealth("an estimate", answer -> answer.body().contains("ready in about"));
        agent.awaitHealth("PONG", answer -> answer.body().contains("PONG"));
        assertThat(journal.actions()).as("what redis-warden has done about it").isEmpty();
        lab.shell("cp -p /root/redis.conf /etc/redis/redis.conf; redis-cli FLUSHALL; redis-cli SAVE;"
                        + " systemctl restart redis-server")
                .ok();
    }

    @Test
    void anExposedSocketIsProvenByTheKernelWithinASlowCycle() {
        lab.exec("redis-cli", "CONFIG", "SET", "bind", "* -::*").ok();
        var exposed = agent.awaitHealth("an exposed socket", answer -> answer.statusCode() == 503);
        assertThat(exposed.body())
                .contains("0.0.0.0:6379")
                .contains("/proc/net/tcp")
                .contains("no password");
        lab.shell(Agent.remedy(agent.get("/health/binding").body())).ok();
        agent.awaitStatus(200);
        lab.shell("grep -x 'bind 127.0.0.1 -::1' /etc/redis/redis.conf").ok();
    }

    @Test
    void ipv6LoopbackAloneIsFine() {
        lab.exec("redis-cli", "CONFIG", "SET", "bind", "::1").ok();
        var answer = agent.awaitHealth("IPv6 alone", health -> health.body().contains("listens on [::1]:6379 alone"));
        assertThat(answer.statusCode()).isEqualTo(200);
        lab.exec("redis-cli", "-h", "::1", "CONFIG", "SET", "bind", "127.0.0.1 -::1")
                .ok();
    }

    @Test
    void aUnixSocketAloneIsFoundAndFine() {
        lab.shell("cp -p /etc/redis/redis.conf /root/redis.conf;"
                        + " printf 'port 0\\nunixsocket /run/redis/redis-server.sock\\nunixsocketperm 770\\n'"
                        + " >> /etc/redis/redis.conf; systemctl restart redis-server")
                .ok();
        var answer = agent.awaitHealth(
                "a unix socket", health -> health.body().contains("PONG from unix:/run/redis/redis-server.sock"));
        assertThat(answer.statusCode()).isEqualTo(200);
        agent.awaitHealth("no TCP socket", health -> health.body().contains("no TCP socket, a unix socket alone"));
        lab.shell("cp -p /root/redis.conf /etc/redis/redis.conf; systemctl restart redis-server")
                .ok();
        agent.awaitHealth("TCP again", health -> health.body().contains("PONG from 127.0.0.1:6379"));
    }

    @Test
    void aMaskedUnitAndADisabledOneAreTold() {
        lab.exec("systemctl", "disable", "redis-server").ok();
        agent.awaitHealth("disabled", answer -> answer.body().contains("it is gone after a reboot"));
        lab.shell(Agent.remedy(agent.get("/health/unit").body())).ok();
        agent.awaitHealth("enabled", answer -> answer.body().contains("active/running, enabled"));
        lab.exec("systemctl", "mask", "--now", "redis-server").ok();
        var masked = agent.awaitHealth("masked", answer -> answer.body().contains("is masked"));
        assertThat(masked.statusCode()).isEqualTo(503);
        lab.shell(Agent.remedy(agent.get("/health/unit").body())).ok();
        agent.awaitStatus(200);
    }

    @Test
    void theJournalHasOneLineForEachChangeWithItsPriority() {
        var from = lab.exec("date", "+%s").ok();
        lab.exec("systemctl", "stop", "redis-server").ok();
        agent.awaitStatus(503);
        lab.exec("systemctl", "start", "redis-server").ok();
        agent.awaitStatus(200);
        var errors = lab.shell("journalctl -u redis-warden -o cat -p err --since @" + from)
                .ok();
        assertThat(errors.lines().filter(line -> line.startsWith("ping is unhealthy: ")))
                .hasSize(1);
        var infos = lab.shell("journalctl -u redis-warden -o cat -p info..info --since @" + from)
                .ok();
        assertThat(infos).contains("ping is ok: PONG from 127.0.0.1:6379");
    }

    private void dropIn(String text) {
        lab.exec(text, new String[] {
                    "sh",
                    "-ec",
                    "d=/etc/systemd/system/redis-server.service.d; mkdir -p $d; cat > $d/test.conf; systemctl daemon-reload"
                })
                .ok();
    }
}
