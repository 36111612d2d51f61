package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What was is told: through a kill and a restart of the agent, and with a file that was damaged. */
@InEveryLab
@OneSuite
class HistoryLabTest {

    private static final String FILES = "/var/lib/redis-warden/history/";
    private static final Pattern POINT = Pattern.compile("\\[[0-9]+,([0-9.E-]+)]");
    private static final Duration STEPS = Duration.ofSeconds(40);

    private final Lab lab;
    private final Agent agent;

    HistoryLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @Test
    void aLoadIsSeenAndOutlivesAKillAndARestartOfTheAgent() {
        agent.awaitStatus(200);
        lab.shell("timeout 12 redis-benchmark -q -t set -n 100000000 -c 4 >/dev/null 2>&1 || true")
                .ok();
        awaitKnown("commands_per_second", 1000);
        var before = known("commands_per_second", 1000);

        lab.shell("systemctl kill -s KILL redis-warden").ok();
        agent.awaitStatus(200);
        assertThat(known("commands_per_second", 1000)).isGreaterThanOrEqualTo(before);
        lab.shell("systemctl restart redis-warden").ok();
        agent.awaitStatus(200);
        assertThat(known("commands_per_second", 1000)).isGreaterThanOrEqualTo(before);
        assertThat(lab.shell("stat -c '%U %a' " + FILES + "main-10s.ring").ok()).isEqualTo("redis-warden 640");
    }

    @Test
    void aDamagedFileIsSetAsideAndItsHistoryBeginsAnew() {
        awaitKnown("health", 0);
        lab.shell("printf damage | dd of=" + FILES + "main-10s.ring conv=notrunc 2>/dev/null")
                .ok();
        lab.await("the file set aside", STEPS, "ls " + FILES + "main-10s.ring.corrupt-*");
        awaitKnown("health", 0);
        assertThat(lab.shell("journalctl -u redis-warden -g 'its history begins anew' -o cat | wc -l")
                        .ok())
                .isEqualTo("1");
    }

    @Test
    void whatHappensIsToldTheNewestFirst() {
        agent.awaitStatus(200);
        lab.shell("redis-cli config set maxmemory 123mb").ok();
        lab.shell("redis-warden event deploy --site acme --ref 1a2b3c --note 'is deployed'")
                .ok();
        assertThat(agent.get("/events").body())
                .contains("\"kind\":\"deploy\",\"subject\":\"acme\",\"text\":\"1a2b3c: is deployed\"");
        awaitEvent("\"kind\":\"config\"", "maxmemory is 128974848");
        lab.shell("systemctl restart redis-server").ok();
        awaitEvent("\"kind\":\"unit\"", "redis-server.service");
        awaitEvent("\"kind\":\"restart\"", "a new process");
        lab.shell("systemctl reload redis-warden").ok();
        awaitEvent("\"kind\":\"agent\"", "redis-warden.toml reloaded");
        assertThat(lab.execAs("nobody", "redis-warden", "event", "deploy", "--ref", "x")
                        .exit())
                .isEqualTo(77);
        assertThat(agent.get("/history?metric=no").statusCode()).isEqualTo(400);
    }

    private void awaitEvent(String kind, String text) {
        await(kind + " " + text)
                .atMost(STEPS)
                .pollInterval(Duration.ofMillis(100))
                .untilAsserted(() ->
                        assertThat(agent.get("/events").body()).contains(kind).contains(text));
    }

    private void awaitKnown(String metric, double least) {
        await(metric).atMost(STEPS).pollInterval(Duration.ofMillis(200)).until(() -> known(metric, least) > 0);
    }

    /** How many points of the last hour are at least that. */
    private long known(String metric, double least) {
        return POINT.matcher(agent.get("/history?range=1h&metric=" + metric).body())
                .results()
                .filter(point -> Double.parseDouble(point.group(1)) >= least)
                .count();
    }
}
