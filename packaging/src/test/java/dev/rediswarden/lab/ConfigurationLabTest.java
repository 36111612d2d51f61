package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Configurations that cannot be used, one that can, and a port that somebody else has. */
@InEveryLab
@OneSuite
class ConfigurationLabTest {

    private static final String FILE = "/etc/redis-warden/redis-warden.toml";

    private final Lab lab;
    private final Agent agent;

    ConfigurationLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @BeforeEach
    void keep() {
        lab.exec("cp", "-p", FILE, "/root/kept.toml").ok();
    }

    @AfterEach
    void restore() {
        lab.shell("cp -p /root/kept.toml " + FILE + "; systemctl reset-failed redis-warden;"
                        + " systemctl restart redis-warden")
                .ok();
    }

    @Test
    void everyProblemIsToldAtOnceAndExit78IsNotRestarted() {
        lab.shell("install -m 0644 /dev/null /etc/redis-warden/open.password").ok();
        configure("""
                [http]
                listen = "0.0.0.0:9180"
                port = 1
                [cycle]
                fast = 1
                [[redis]]
                url = "http://h"
                password_file = "/etc/redis-warden/open.password"
                """);
        var config = lab.exec("redis-warden", "config");
        assertThat(config.exit()).isEqualTo(78);
        assertThat(config.err())
                .contains(FILE + ":2: http.listen must be a loopback address")
                .contains(FILE + ":3: http.port is not known; known here: listen")
                .contains(FILE + ":5: cycle.fast must be a string in quotes, not 1")
                .contains(FILE + ":7: redis.main.url must be redis://")
                .contains(
                        FILE + ":8: redis.main.password_file must name a file that others can neither read nor write");
        assertThat(lab.exec("systemctl", "restart", "redis-warden").exit()).isNotZero();
        assertThat(show("ExecMainStatus")).isEqualTo("78");
        assertThat(show("ActiveState")).isEqualTo("failed");
        assertThat(lab.exec("journalctl", "-u", "redis-warden", "-p", "err", "-o", "cat", "-n", "20")
                        .ok())
                .contains("redis.main.url must be");
    }

    @Test
    void aBadFileMakesTheReloadFailAndChangesNothing() {
        agent.awaitStatus(200);
        var pid = show("MainPID");
        configure("[cycle]\nfats = \"1s\"\n");
        assertThat(lab.exec("systemctl", "reload", "redis-warden").exit()).isNotZero();
        assertThat(show("ActiveState")).isEqualTo("active");
        // Told past the check that the unit makes first, the daemon keeps what it has as well.
        lab.exec("kill", "-HUP", pid).ok();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(lab.exec("journalctl", "-u", "redis-warden", "-o", "cat", "-n", "20")
                                .ok())
                        .contains("the configuration before stays in force"));
        agent.awaitStatus(200);
        assertThat(show("MainPID")).isEqualTo(pid);
    }

    @Test
    void aFileThatIsSpoiledIsToldBeforeARestartFailsForIt() {
        agent.awaitStatus(200);
        configure("[cycle]\nfats = \"1s\"\n");
        var problem = FILE + ":2: cycle.fats is not known; did you mean fast?";
        var answer = agent.awaitHealth("the bad file", health -> health.body().contains(problem));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(agent.get("/health/configuration").body())
                .contains("\"degraded\"", "the next restart of redis-warden fails with exit code 78");
        assertThat(lab.exec("systemctl", "show", "-P", "StatusText", "redis-warden")
                        .ok())
                .startsWith("degraded: ");
        var status = lab.exec("redis-warden", "status");
        assertThat(status.exit()).isZero();
        assertThat(status.out()).containsPattern("\nconfiguration +degraded +20\\S+Z  " + FILE + ":2: cycle.fats");
        assertThat(status.err()).startsWith(problem);
        // The remedy says what is wrong for as long as it is, and then has it loaded.
        assertThat(lab.shell(Agent.remedy(agent.get("/health/configuration").body()))
                        .exit())
                .isEqualTo(78);
        configure("[cycle]\nfast = \"1s\"\n");
        lab.shell(Agent.remedy(agent.get("/health/configuration").body())).ok();
        agent.awaitHealth("the good file", health -> health.body().contains(FILE + " can be used"));
    }

    @Test
    void aGoodFileTakesEffectByAReload() {
        agent.awaitStatus(200);
        var pid = show("MainPID");
        configure("[[redis]]\n[redis.checks]\nmemory = \"off\"\n");
        lab.exec("systemctl", "reload", "redis-warden").ok();
        agent.awaitHealth("memory off", answer -> answer.body().contains("switched off in the configuration"));
        assertThat(show("MainPID")).isEqualTo(pid);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(show("ActiveState")).isEqualTo("active"));
    }

    @Test
    void aPasswordIsFoundInRedisConfAndNeverShown() {
        lab.shell("cp -p /etc/redis/redis.conf /root/redis.conf; echo 'requirepass hunter2hunter2' >>"
                        + " /etc/redis/redis.conf; systemctl restart redis-server")
                .ok();
        agent.awaitHealth("PONG", answer -> answer.body().contains("PONG"));
        assertThat(agent.get("/health").body()
                        + agent.get("/metrics").body()
                        + lab.exec("journalctl", "-u", "redis-warden", "-o", "cat")
                                .ok()
                        + lab.shell("cat /proc/$(systemctl show -P MainPID redis-warden)/cmdline")
                                .ok())
                .doesNotContain("hunter2");
        lab.shell("cp -p /root/redis.conf /etc/redis/redis.conf; systemctl restart redis-server")
                .ok();
        agent.awaitHealth("PONG", answer -> answer.body().contains("PONG"));
    }

    @Test
    void wrongCredentialsAreUnknownAndNeverDown() {
        lab.shell("install -m 0640 -g redis-warden /dev/null /etc/redis-warden/wrong.password;"
                        + " echo wrong > /etc/redis-warden/wrong.password;"
                        + " redis-cli CONFIG SET requirepass right")
                .ok();
        configure("[[redis]]\npassword_file = \"/etc/redis-warden/wrong.password\"\n");
        lab.exec("systemctl", "reload", "redis-warden").ok();
        var answer = agent.awaitHealth("refused", health -> health.body().contains("WRONGPASS"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(agent.get("/health/ping").body()).contains("\"unknown\"");
        // A changed file is read at the next connection, without a reload.
        lab.shell("echo right > /etc/redis-warden/wrong.password").ok();
        agent.awaitHealth("PONG", health -> health.body().contains("PONG"));
        lab.shell("REDISCLI_AUTH=right redis-cli CONFIG SET requirepass ''").ok();
    }

    @Test
    void aPortInUseIsExit69AndNamesIt() {
        lab.shell("systemctl stop redis-warden;"
                        + " systemd-run --unit=squatter systemd-socket-activate -l 127.0.0.1:9180 cat")
                .ok();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(lab.shell("ss -ltn").ok()).contains("127.0.0.1:9180"));
        var run = lab.exec("redis-warden", "agent");
        assertThat(run.exit()).isEqualTo(69);
        assertThat(run.out() + run.err()).contains("127.0.0.1:9180 cannot be listened on");
        lab.exec("systemctl", "stop", "squatter").ok();
    }

    /** Over an address of this host that is not loopback, which the unit has to let through first. */
    @Test
    void whoHasThePasswordReadsItFromAfarByTls() {
        lab.shell("ip addr add 192.0.2.10/32 dev lo;"
                        + " mkdir -p /etc/systemd/system/redis-warden.service.d; printf '[Service]\nIPAddressAllow=192.0.2.10\n'"
                        + " >/etc/systemd/system/redis-warden.service.d/afar.conf; systemctl daemon-reload")
                .ok();
        var listener = "[[http.listener]]\nlisten = \"192.0.2.10:9181\"\n";
        configure(listener);
        assertThat(lab.exec("redis-warden", "config").err())
                .contains("http.listener.1.tls_cert is missing", "http.listener.1.users_file is missing");
        certificate("first");
        users("s3cret");
        configure(listener + """
                tls_cert = "/etc/redis-warden/tls.crt"
                tls_key = "/etc/redis-warden/tls.key"
                users_file = "/etc/redis-warden/users"
                """);
        lab.exec("systemctl", "restart", "redis-warden").ok();
        lab.await("a scrape", "test " + fromAfar("s3cret", "/metrics") + " = 200; grep -q '^redis_up 1' /run/afar");
        assertThat(lab.shell("grep -c '^redis_warden_listener_certificate_expiry_seconds.* 1' /run/afar")
                        .ok())
                .isEqualTo("1");
        assertThat(lab.shell("echo " + fromAfar("s3cret", "/health/ping") + fromAfar("wrong", "/metrics")
                                + fromAfar("s3cret", "/history"))
                        .ok())
                .isEqualTo("200401404");
        assertThat(lab.shell(
                                "curl -s -o /dev/null -w '%{http_code}' --cacert /root/tls.crt https://192.0.2.10:9181/metrics")
                        .ok())
                .isEqualTo("401");
        // Both are changed without a reload; who has the old certificate alone does not trust the new one.
        certificate("second");
        users("n3xt");
        lab.await("the new ones", "test " + fromAfar("n3xt", "/metrics") + " = 200");
        assertThat(lab.shell("echo " + fromAfar("s3cret", "/metrics")).ok()).isEqualTo("401");
        assertThat(lab.exec("journalctl", "-u", "redis-warden", "-o", "cat").ok())
                .doesNotContain("s3cret", "n3xt");
        lab.shell(
                        "rm -r /etc/systemd/system/redis-warden.service.d; ip addr del 192.0.2.10/32 dev lo; systemctl daemon-reload")
                .ok();
    }

    /** Made on this machine, which has openssl. */
    private void certificate(String name) {
        var pem = Command.run(
                        Duration.ofSeconds(30),
                        "",
                        List.of(
                                "sh",
                                "-ec",
                                "dir=$(mktemp -d); openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256"
                                        + " -nodes -days 90 -subj /CN=" + name + " -addext subjectAltName=IP:192.0.2.10"
                                        + " -keyout $dir/key -out $dir/crt 2>/dev/null; cat $dir/key $dir/crt; rm -r $dir"))
                .ok();
        lab.exec(pem, new String[] {
                    "sh",
                    "-ec",
                    "umask 027; cd /etc/redis-warden; cat >/root/pem;"
                            + " sed -n '/BEGIN PRIVATE/,/END PRIVATE/p' /root/pem >tls.key;"
                            + " sed -n '/BEGIN CERT/,/END CERT/p' /root/pem >tls.crt;"
                            + " chgrp redis-warden tls.key tls.crt; cp tls.crt /root/tls.crt"
                })
                .ok();
    }

    private void users(String password) {
        lab.shell("umask 027; cd /etc/redis-warden; perl -e 'print \"prometheus:\", crypt(\"" + password
                        + "\", q($2b$08$abcdefghijklmnopqrstuu)), \"\\n\"' >users; chgrp redis-warden users")
                .ok();
    }

    private static String fromAfar(String password, String path) {
        return "$(curl -s -o /run/afar -w '%{http_code}' --max-time 5 --cacert /root/tls.crt -u prometheus:" + password
                + " https://192.0.2.10:9181" + path + ")";
    }

    private void configure(String text) {
        lab.exec(text, new String[] {"sh", "-c", "cat > " + FILE}).ok();
    }

    private String show(String property) {
        return lab.exec("systemctl", "show", "-P", property, "redis-warden").ok();
    }
}
