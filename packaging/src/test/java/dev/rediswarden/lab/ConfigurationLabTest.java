package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
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

    private void configure(String text) {
        lab.exec(text, new String[] {"sh", "-c", "cat > " + FILE}).ok();
    }

    private String show(String property) {
        return lab.exec("systemctl", "show", "-P", property, "redis-warden").ok();
    }
}
