package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Settings that are put right without anybody asking: only where it is said, at once, and never against a person. */
@InEveryLab
@OneSuite
class EnforceLabTest {

    private static final String TOML = "/etc/redis-warden/redis-warden.toml";
    private static final String UNIT = "redis-warden-enforce.service";
    private static final String BOUND = "268435456";

    /** By what systemd-analyze reckons for loopback, and for giving redis.conf to its owner; systemd is not asked for. */
    private static final double MORE_EXPOSED = 0.8;

    private final Lab lab;
    private final Agent agent;

    EnforceLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @BeforeEach
    void keep() {
        lab.shell("cp -a " + TOML + " /root/toml; cp -a /etc/redis/redis.conf /root/redis.conf")
                .ok();
    }

    @AfterEach
    void asInstalled() {
        lab.shell("cp -a /root/toml " + TOML
                        + "; systemctl start redis-warden-enforce.path; systemctl stop redis-server;"
                        + " cp -a /root/redis.conf /etc/redis; rm -rf /var/lib/redis/* /var/lib/redis-warden-apply/redis;"
                        + " systemctl reset-failed redis-server; systemctl start redis-server;"
                        + " systemctl reload redis-warden; redis-warden resume")
                .ok();
    }

    @Test
    void withoutAWordOfItADifferenceIsToldAndLeft() {
        wish("");
        lab.exec("redis-warden", "apply", "--settings").ok();
        var journal = Journal.from(lab);
        setByHand("0");
        agent.awaitHealth("a difference", answer -> answer.body().contains("maxmemory is '" + BOUND + "' and now '0'"));
        assertThat(journal.messages("UNIT=" + UNIT)).as("nobody was called").isEmpty();
        lab.exec("systemctl", "start", UNIT).ok();
        assertThat(bound()).isEqualTo("0");
    }

    @Test
    void aDifferenceIsPutRightWithinSecondsForGoodAndTheJournalSaysWhy() {
        wish("enforce = true\n");
        var journal = Journal.from(lab);
        awaitBound();
        lab.exec("systemctl", "kill", "-s", "KILL", "redis-server").ok();
        awaitRedis();
        assertThat(bound()).as("after a restart").isEqualTo(BOUND);
        assertThat(journal.messages("-t redis-warden MESSAGE_ID=" + Journal.ENFORCED))
                .contains(
                        "set maxmemory " + BOUND + " of redis-server.service, which was 0, as redis-warden.toml wishes"
                                + " and says enforce = true: CONFIG GET shows it, and a restart will");
        assertThat(journal.explained("-t redis-warden MESSAGE_ID=" + Journal.ENFORCED))
                .contains("put a setting right by itself");
        assertThat(lab.exec("stat", "-c", "%U:%G:%a", "/etc/redis/redis.conf").ok())
                .isEqualTo("redis:redis:640");
    }

    @Test
    void whoSetsItBackTwiceIsLeftAndTheRemedyEndsIt() {
        wish("enforce = true\n");
        awaitBound();
        lab.exec("redis-warden", "resume").ok();
        var journal = Journal.from(lab);
        for (int times = 0; times < 2; times++) {
            agent.awaitHealth("all well", answer -> !answer.body().contains("maxmemory is"));
            setByHand("0");
            awaitBound();
        }
        agent.awaitHealth("all well", answer -> !answer.body().contains("maxmemory is"));
        setByHand("0");
        agent.awaitHealth("a word of it", answer -> answer.body().contains("2 times within 24 hours"));
        lab.exec("systemctl", "start", UNIT).ok();
        assertThat(bound()).isEqualTo("0");
        journal.awaitMessage(Duration.ofSeconds(10), "-t redis-warden MESSAGE_ID=" + Journal.CONTESTED);
        var drift = agent.get("/health/drift").body();
        assertThat(drift).contains("\"degraded\"", "wishes maxmemory to be '" + BOUND + "'", "somebody else wants '0'");

        // The editor is somebody who decides.
        lab.shell("sudoedit() { sed -i 's/^enforce = true$/enforce = false/' \"$1\"; }; " + Agent.remedy(drift))
                .ok();
        agent.awaitHealth("no word of it", answer -> !answer.body().contains("within 24 hours"));
        assertThat(bound()).isEqualTo("0");
    }

    @Test
    void aPauseHoldsIt() {
        lab.exec("redis-warden", "pause", "5m").ok();
        wish("enforce = true\n");
        setByHand("0");
        agent.awaitHealth("what is not as wished", answer -> answer.body().contains("maxmemory"));
        lab.exec("systemctl", "start", UNIT).ok();
        assertThat(bound()).isEqualTo("0");
        lab.exec("redis-warden", "resume").ok();
        // By itself, or by the daemon, which has seen the end of the pause first.
        lab.await("what is wished", "redis-cli CONFIG GET maxmemory | grep -x " + BOUND);
    }

    @Test
    void aKillAtAnyInstantLosesNoKeyAndIsMadeGood() {
        lab.exec("systemctl", "stop", "redis-warden-enforce.path").ok();
        wish("preset = \"strict\"\nenforce = true\n");
        for (var delay : new String[] {"0.6", "1.0", "1.4"}) {
            lab.exec("redis-cli", "eval", "for i=1,10000 do redis.call('SET','k'..i,i) end", "0")
                    .ok();
            lab.exec("redis-cli", "save").ok();
            lab.shell("timeout -s KILL " + delay + " redis-warden apply --settings --unattended || true")
                    .ok();
            lab.exec("systemctl", "kill", "-s", "KILL", "redis-server").ok();
            awaitRedis();
            assertThat(lab.exec("redis-cli", "dbsize").ok())
                    .as("killed after %s s", delay)
                    .isEqualTo("10000");
            assertThat(lab.exec("redis-warden", "resume").ok()).doesNotContain("FAILED");
            assertThat(lab.exec("redis-warden", "plan", "--settings").ok()).contains("# nothing to do");
            lab.shell("systemctl stop redis-server; cp -a /root/redis.conf /etc/redis; rm -rf /var/lib/redis/*"
                            + " /var/lib/redis-warden-apply/redis; systemctl start redis-server")
                    .ok();
            awaitRedis();
        }
    }

    @Test
    void itsSandboxIsAsTightAsThatAllows() {
        var exposure = exposure(UNIT);
        System.out.printf(
                "%s: exposure of %s %.1f, of redis-warden-apply.service %.1f%n",
                lab, UNIT, exposure, exposure("redis-warden-apply.service"));
        assertThat(exposure).isLessThanOrEqualTo(exposure("redis-warden-apply.service") + MORE_EXPOSED);
        var verify = lab.exec("systemd-analyze", "verify", "--man=no", UNIT, "redis-warden-enforce.path");
        assertThat(verify.ok() + verify.err()).isEmpty();
        assertThat(lab.exec("systemctl", "is-active", "redis-warden-enforce.path")
                        .ok())
                .isEqualTo("active");
    }

    private double exposure(String unit) {
        var security =
                lab.exec("systemd-analyze", "security", "--no-pager", unit).ok();
        var figure = Pattern.compile("Overall exposure level for " + unit + ": ([\\d.]+)")
                .matcher(security);
        assertThat(figure.find()).as(security).isTrue();
        return Double.parseDouble(figure.group(1));
    }

    /** A bound of 256 MiB, and this; the daemon has read it when this returns. */
    private void wish(String more) {
        lab.exec(
                        "[cycle]\nslow = \"1s\"\n[[redis]]\nmaxmemory = \"256mb\"\n" + more,
                        new String[] {"sh", "-ec", "cat >" + TOML + "; systemctl reload redis-warden"})
                .ok();
    }

    private void setByHand(String value) {
        lab.exec("redis-cli", "config", "set", "maxmemory", value).ok();
    }

    private String bound() {
        return lab.shell("redis-cli config get maxmemory | tail -n 1").ok();
    }

    private void awaitBound() {
        lab.await(
                "the bound",
                "redis-cli config get maxmemory | grep -qx " + BOUND + " && grep -qx 'maxmemory " + "\\(256mb\\|"
                        + BOUND + "\\)' /etc/redis/redis.conf");
    }

    private void awaitRedis() {
        lab.await("Redis", "redis-cli ping | grep -qx PONG && systemctl is-active --quiet redis-server");
    }
}
