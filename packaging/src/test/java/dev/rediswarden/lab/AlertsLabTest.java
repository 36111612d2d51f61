package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Debian's Prometheus and Alertmanager with the rules and examples of the package, at intervals of 5 s, and a receiver:
 * what is to be told arrives there, and what is not does not.
 */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertsLabTest {

    private static final String INSTALLED = "/usr/share/redis-warden/";
    private static final String TESTS = "/root/checkout/packaging/src/test/prometheus";
    private static final String RECEIVED = "/run/received";
    private static final String DROP_IN = "/run/systemd/system/redis-server.service.d/test.conf";
    private static final Path EXPORTER =
            Path.of("../agent/src/test/resources/dev/rediswarden/metrics/redis_exporter.tsv");

    /** At most, from the death of Redis to the receiver. */
    private static final Duration TOLD = Duration.ofSeconds(30);

    private Lab lab;
    private Site site;

    @BeforeAll
    void watchedByPrometheus() {
        lab = Lab.up("site");
        site = new Site(lab);
        lab.install(InstalledLabs.deb()).ok();
        lab.put(Path.of("src/test/prometheus"), "/root/checkout/packaging/src/test");
        // The tests of rules look for them beside themselves: there are those of the package.
        lab.exec("ln", "-s", "/usr/share/redis-warden", "/root/checkout/conf").ok();
        site.write(
                "/etc/redis-warden/conf.d/acme.toml",
                "[[site]]\nname = \"acme\"\nsocket = \"/run/acme.sock\"\nhost = \"localhost\"\n");
        lab.shell(
                        "redis-cli CONFIG SET maxmemory 64mb; redis-cli CONFIG SET appendonly yes; redis-cli LPUSH celery task;"
                                + " redis-cli CONFIG REWRITE; redis-cli SADD _kombu.binding.celery celery;"
                                + " redis-cli ZADD unacked_index $(date +%s) task;"
                                + " systemctl reload redis-warden")
                .ok();
        start();
        // What is sent to an Alertmanager that is not yet known is sent again a minute later.
        lab.await(
                "its Alertmanager",
                "curl -s localhost:9090/metrics | grep -q '^prometheus_notifications_alertmanagers_discovered 1'");
        lab.await("both targets", query("count(up == 1)") + " | grep -q '\"2\"'");
    }

    /** As the examples say themselves, and faster; two hosts that are one, of which the second is found by a file. */
    private void start() {
        lab.shell("install -d /etc/prometheus/redis-warden.d; cd " + INSTALLED + "prometheus;"
                        + " cp redis-warden.rules.yml /etc/prometheus/;"
                        + " sed 's/_interval: 15s/_interval: 5s/' prometheus.yml.example >/etc/prometheus/prometheus.yml;"
                        + " sed 's/group_interval: 1m/group_interval: 5s/' alertmanager.yml.example"
                        + " >/etc/prometheus/alertmanager.yml;"
                        + " echo '[{\"targets\": [\"localhost:9180\"], \"labels\": {\"instance\": \"web7\"}}]'"
                        + " >/etc/prometheus/redis-warden.d/web.json;"
                        // It would look for others of its kind, and finds no network.
                        + " echo 'ARGS=\"--cluster.listen-address=\"' >/etc/default/prometheus-alertmanager;"
                        + " systemd-run -q --unit=receiver python3 " + TESTS + "/receiver.py " + RECEIVED
                        + "; systemctl start prometheus-alertmanager prometheus")
                .ok();
    }

    @AfterAll
    void down() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Order(1)
    void theToolsOfPrometheusFindNothingToSayOfRulesAndExamples() {
        assertThat(lab.shell("promtool check rules /etc/prometheus/redis-warden.rules.yml")
                        .ok())
                .contains("SUCCESS")
                .doesNotContain("duplicate");
        assertThat(lab.shell("cd " + TESTS + "; promtool test rules *.yml").ok())
                .contains("SUCCESS");
        lab.shell("promtool check config /etc/prometheus/prometheus.yml;"
                        + " cp " + INSTALLED + "prometheus/prometheus.yml.example /run/prometheus.yml;"
                        + " promtool check config /run/prometheus.yml;"
                        + " amtool check-config " + INSTALLED + "prometheus/alertmanager.yml.example")
                .ok();
    }

    /** Its names that promtool minds are redis_exporter's, which they are to be. */
    @Test
    @Order(2)
    void promtoolMindsNoNameOfAMetricThatIsOurs() throws IOException {
        Set<String> theirs;
        try (var lines = Files.lines(EXPORTER)) {
            theirs = lines.map(line -> line.split("\t", 2)[0]).collect(Collectors.toSet());
        }
        var checked = lab.shell(
                "curl -s localhost:9180/metrics >/run/metrics; promtool check metrics </run/metrics || [ $? = 3 ]");
        checked.ok();
        assertThat(checked.err().lines().map(line -> line.split(" ", 2)[0]))
                .allSatisfy(name -> assertThat(theirs).contains(name));
    }

    /** Neither systemd nor redis-warden brings it back. */
    @Test
    @Order(3)
    void aRedisThatIsKilledForGoodIsToldWithinThirtySecondsAndResolvedOnceMended() {
        service("Restart=no", "Type=simple", "ExecStart=", "ExecStart=/bin/false");
        var died = now();
        lab.exec("systemctl", "kill", "--signal=KILL", "redis-server").ok();
        lab.await("RedisDown", TOLD, received("/wake firing", "alertname=RedisDown"));
        var told =
                lab.shell("grep -m 1 'firing.*alertname=RedisDown' " + RECEIVED).ok();
        assertThat(told).contains("cause=failed", "name=redis-server.service", "redis=main", "severity=critical");
        var took = Double.parseDouble(told.substring(0, told.indexOf(' '))) - died;
        System.out.printf("killed for good, told after %.1f s%n", took);
        assertThat(took).isLessThanOrEqualTo((double) TOLD.toSeconds());

        mend();
        lab.await(
                "its resolution",
                Duration.ofSeconds(60),
                received("/wake resolved", "alertname=RedisDown") + " | grep -q this-host");
        lab.await("nothing that fires", nothingFires());
    }

    /** Ten seconds in which it is inactive, ten in which it starts; long enough after a failure to be none of its starts in vain. */
    @Test
    @Order(4)
    void aRestartByHandThatTakesTwentySecondsFiresNothing() {
        lab.await("no failure of late", noAnswer("max_over_time(redis_warden:unit_failed[20s]) == 1"));
        service("ExecPaths=/bin /usr/bin", "ExecStartPre=/bin/sleep 10");
        var before = now();
        lab.shell("systemctl stop redis-server; systemd-run -q --on-active=10 --timer-property=AccuracySec=100ms"
                        + " systemctl start redis-server")
                .ok();
        lab.await("PONG", "redis-cli ping | grep -q PONG");
        assertThat(now() - before).isGreaterThan(19);
        lab.await("nothing that waits", noAnswer("ALERTS{redis=\"main\",alertname=\"RedisDown\"}"));
        var window = "[" + Math.round(now() - before + 1) + "s]";
        // Prometheus has seen that it was down.
        lab.shell(query("count_over_time(ALERTS{alertname=\"RedisDown\",alertstate=\"pending\"}" + window + ")")
                        + " | grep -q pending")
                .ok();
        lab.shell(noAnswer("count_over_time(ALERTS{redis=\"main\",alertstate=\"firing\"}" + window + ")"))
                .ok();
        assertThat(lab.shell("awk '$1 > " + before + " && $2 != \"/alive\"' " + RECEIVED)
                        .ok())
                .isEmpty();
        mend();
    }

    @Test
    @Order(5)
    void everyQueryOfTheDashboardsHasAnAnswer() {
        lab.await("queues", "curl -s localhost:9180/metrics | grep -q '^redis_warden_queue_oldest'");
        lab.await("their samples", query("redis_warden_queue_oldest_unacked_timestamp_seconds") + " | grep -q celery");
        List<String> without = lab.shell("python3 " + TESTS + "/dashboard_queries.py " + INSTALLED + "grafana/*.json")
                .ok()
                .lines()
                .toList();
        assertThat(without).singleElement().asString().matches("[5-9]\\d queries");
    }

    /** As one that systemd does not start again; it does so within two seconds else, and nobody is woken. */
    @Test
    @Order(6)
    void anAgentThatIsKilledIsTold() {
        site.write("/run/systemd/system/redis-warden.service.d/test.conf", "[Service]\nRestart=no\n");
        lab.shell("systemctl daemon-reload; systemctl kill --signal=KILL redis-warden")
                .ok();
        lab.await(
                "RedisWardenDown",
                Duration.ofSeconds(90),
                received("/wake firing", "alertname=RedisWardenDown") + " | grep -q this-host");
        lab.shell("rm /run/systemd/system/redis-warden.service.d/test.conf; systemctl daemon-reload;"
                        + " systemctl start redis-warden")
                .ok();
        lab.await(
                "its resolution",
                Duration.ofSeconds(60),
                received("/wake resolved", "alertname=RedisWardenDown") + " | grep -q this-host");
    }

    /** Alertmanager alone, with alerts of a host that there is not. */
    @Test
    @Order(7)
    void whatFollowsFromAnotherAlertIsHeldBackAndWhatDoesNotIsSent() {
        add("RedisDown instance=one redis=main severity=critical");
        add("RedisMemoryNearLimit instance=one redis=main severity=warning");
        add("RedisIntrusion instance=one redis=main severity=critical");
        add("RedisMemoryNearLimit instance=one redis=cache severity=warning");
        add("SiteNotHealthy instance=one site=acme severity=warning");
        add("RedisWardenPaused instance=two severity=none");
        add("RedisDown instance=two redis=main severity=critical");
        add("RedisExposed instance=two redis=main severity=critical");
        assertThat(alerts("--inhibited"))
                .containsExactlyInAnyOrder(
                        "RedisMemoryNearLimit one main", "SiteNotHealthy one null", "RedisDown two main");
        assertThat(alerts("--active"))
                .containsExactlyInAnyOrder(
                        "RedisDown one main",
                        "RedisIntrusion one main",
                        "RedisMemoryNearLimit one cache",
                        "RedisExposed two main",
                        "RedisWardenPaused two null");
        assertThat(lab.shell("cd /etc/prometheus; for s in critical warning none; do"
                                + " amtool config routes test --config.file=alertmanager.yml severity=$s; done")
                        .ok()
                        .lines())
                .containsExactly("wake", "morning", "nobody");
        lab.await("the watchdog's alert", Duration.ofSeconds(90), received("/alive firing", "alertname=Watchdog"));
    }

    private void add(String alert) {
        lab.shell("amtool --alertmanager.url=http://localhost:9093 alert add " + alert)
                .ok();
    }

    /** Name, host and Redis of each. */
    private List<String> alerts(String which) {
        return lab.shell("amtool --alertmanager.url=http://localhost:9093 -o json alert query " + which
                        + " 'instance=~\"one|two\"' | python3 -c 'import json, sys;"
                        + " [print(a[\"labels\"][\"alertname\"], a[\"labels\"][\"instance\"],"
                        + " a[\"labels\"].get(\"redis\", \"null\")) for a in json.load(sys.stdin)]'")
                .ok()
                .lines()
                .toList();
    }

    private void service(String... lines) {
        site.write(DROP_IN, "[Service]\n" + String.join("\n", lines) + "\n");
        lab.exec("systemctl", "daemon-reload").ok();
    }

    private void mend() {
        lab.shell("rm -f " + DROP_IN + "; systemctl daemon-reload; systemctl reset-failed redis-server;"
                        + " systemctl start redis-server")
                .ok();
    }

    private double now() {
        return Double.parseDouble(lab.exec("date", "+%s.%3N").ok());
    }

    private static String received(String where, String label) {
        return "grep '" + where + "' " + RECEIVED + " | grep '" + label + "'";
    }

    private static String query(String expression) {
        return "curl -sfG localhost:9090/api/v1/query --data-urlencode 'query=" + expression + "'";
    }

    private static String noAnswer(String expression) {
        return query(expression) + " | grep -q '\"result\":\\[\\]'";
    }

    private static String nothingFires() {
        return noAnswer("ALERTS{redis=\"main\",alertstate=\"firing\"}");
    }
}
