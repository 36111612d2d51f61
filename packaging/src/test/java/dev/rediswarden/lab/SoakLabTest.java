package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * No false alarm: a host that is as {@code apply} leaves it stays green under load, at every look. How long is for who
 * runs it to say, so it is no part of a build: {@code -Dlab.soak=PT1H}.
 */
@InEveryLab
@EnabledIfSystemProperty(named = "lab.soak", matches = "PT.+", disabledReason = "takes as long as lab.soak says")
class SoakLabTest {

    private static final Pattern CHECK =
            Pattern.compile("\"([a-z]+)\": \\{\\s*\"status\": \"([a-z]+)\",\\s*\"detail\": \"(.*)\"");

    private final Lab lab;
    private final Agent agent;

    SoakLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @Test
    void everyLookIsGreenUnderLoad() {
        lab.exec("systemctl", "stop", "redis-server").ok();
        lab.disk("/var/lib/redis", "2G");
        lab.shell("chown redis:redis /var/lib/redis && chmod 0750 /var/lib/redis && systemctl start redis-server")
                .ok();
        lab.exec("redis-warden", "apply"); // fails where it may not set the kernel
        // The kernel is this machine's, which no lab changes.
        var atRest = agent.awaitHealth(
                "nothing but the kernel to be told",
                answer -> told(answer.body()).keySet().stream().allMatch("kernel"::equals));
        var accepted = told(atRest.body()).keySet();
        var journal = Journal.from(lab);
        load();

        var alarms = new TreeMap<Instant, String>();
        var until = Instant.now().plus(Duration.parse(System.getProperty("lab.soak")));
        Awaitility.await("the end of the load")
                .forever()
                .pollInterval(Duration.ofMillis(250))
                .until(() -> {
                    var answer = agent.get("/health");
                    var told = told(answer.body());
                    told.keySet().removeAll(accepted);
                    if (answer.statusCode() != 200 || !told.isEmpty()) {
                        alarms.put(Instant.now(), answer.statusCode() + " " + told);
                    }
                    return Instant.now().isAfter(until);
                });

        assertThat(alarms).as("looks that were not green").isEmpty();
        for (var work : new String[] {"commands", "queue", "saves"}) {
            assertThat(lab.exec("systemctl", "is-active", "load-" + work).ok()).isEqualTo("active");
        }
        assertThat(journal.messages("-u redis-warden -p warning")).isEmpty();
    }

    /** A burst of 20,000 commands a second, a queue that is filled and emptied, and everything that forks. */
    private void load() {
        run("commands", "redis-benchmark -q -n 4000 -r 100000 -d 100 -c 20 -t set,get,incr,lpush,rpop; sleep 1");
        run("queue", "redis-cli LPUSH celery task; redis-cli BRPOP celery 1");
        run("saves", "redis-cli BGSAVE; sleep 60; redis-cli BGREWRITEAOF; sleep 60; systemctl reload redis-warden");
    }

    private void run(String name, String work) {
        lab.exec("systemd-run", "-q", "--unit=load-" + name, "sh", "-c", "while :; do " + work + "; done >/dev/null")
                .ok();
    }

    /** The checks that are not ok, with what they say. */
    private static Map<String, String> told(String health) {
        var told = new TreeMap<String, String>();
        CHECK.matcher(health)
                .results()
                .filter(found -> !found.group(2).matches("ok|off"))
                .forEach(found -> told.put(found.group(1), found.group(2) + ": " + found.group(3)));
        return told;
    }
}
