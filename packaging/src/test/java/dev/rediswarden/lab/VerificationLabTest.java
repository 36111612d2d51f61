package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Data files that are broken on a booted Debian: found by the unit as it is installed, and mended as it is printed. */
@OnEveryServer
class VerificationLabTest {

    private static final String VERIFY = "systemctl start redis-warden-verify.service; ";

    private final Lab lab;
    private final Agent agent;
    /** A lab's file system is one that a reboot may empty, which is degraded. */
    private String whole = "";

    VerificationLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @BeforeEach
    void aDumpWithKeys() {
        lab.shell("for i in $(seq 500); do echo SET key:$i value-$i; done | redis-cli >/dev/null; redis-cli SAVE")
                .ok();
        agent.awaitHealth("files that are whole", answer -> !isStatus("unhealthy") && !isStatus("unknown"));
        whole = isStatus("ok") ? "ok" : "degraded";
    }

    @AfterEach
    void nothingIsLeft() {
        assertThat(lab.shell("find /var/tmp /tmp -name '*redis-warden-verify*'").ok())
                .isEmpty();
        lab.shell("redis-cli CONFIG SET appendonly no").ok();
        agent.awaitHealth("whole files", answer -> isStatus(whole));
    }

    @Test
    void whatIsWholeIsVerifiedAtIdlePriorityByATimerThatIsEnabled() {
        assertThat(lab.exec("systemctl", "is-enabled", "redis-warden-verify.timer")
                        .ok())
                .isEqualTo("enabled");
        assertThat(lab.exec("systemctl", "is-active", "redis-warden-verify.timer")
                        .ok())
                .isEqualTo("active");
        assertThat(lab.shell("systemctl show redis-warden-verify.service"
                                + " -p Nice,IOSchedulingClass,CPUSchedulingPolicy,OOMScoreAdjust,User,PrivateTmp")
                        .ok())
                .contains("Nice=19", "OOMScoreAdjust=900", "User=redis-warden", "PrivateTmp=yes")
                .containsPattern("IOSchedulingClass=(3|idle)")
                .containsPattern("CPUSchedulingPolicy=(5|idle)");
        var sound = lab.exec("systemd-analyze", "verify", "--man=no", "redis-warden-verify.timer");
        assertThat(sound.ok() + sound.err()).isEmpty();

        lab.shell(VERIFY).ok();

        assertThat(lab.exec("systemctl", "show", "-P", "ExecMainStatus", "redis-warden-verify.service")
                        .ok())
                .isEqualTo("0");
        agent.awaitHealth("verified", answer -> detail().contains("verified 0 min ago"));
        assertThat(lab.shell("stat -c %U:%a /var/lib/redis-warden/verified").ok())
                .isEqualTo("redis-warden:640");
        // A person's own run is without root's rights as well, and reads nothing twice.
        assertThat(lab.exec("redis-warden", "verify").ok()).startsWith("good").contains("dump.rdb", ", as it was at");
    }

    @Test
    void aDumpWithAByteThatIsWrongIsToldAndMendedAsPrinted() {
        lab.shell(flip("/var/lib/redis/dump.rdb") + VERIFY).ok();

        agent.awaitHealth("damage", answer -> isStatus("unhealthy"));
        assertThat(detail()).contains("dump.rdb is damaged: offset ").contains("Redis does not come up");
        assertThat(lab.exec("redis-warden", "verify").exit()).isEqualTo(1);

        mendedAsPrinted();
    }

    @Test
    void aBaseAndAnIncrementThatAreWrongAreToldAndMendedAsPrinted() {
        String aof = lab.suite().equals("redis6") ? "/var/lib/redis/appendonly.aof" : "/var/lib/redis/appendonlydir/*";
        for (var broken : lab.suite().equals("redis6")
                ? new String[] {"appendonly.aof"}
                : new String[] {"base.rdb", "incr.aof"}) {
            lab.shell("redis-cli CONFIG SET appendonly yes; until redis-cli INFO persistence"
                            + " | grep aof_rewrite_in_progress:0 && ls " + aof + "; do sleep .05; done;"
                            + " for i in $(seq 200); do echo SET key:$i other-$i; done | redis-cli >/dev/null;"
                            + VERIFY)
                    .ok();
            agent.awaitHealth("verified", answer -> isStatus(whole) && detail().contains("verified 0 min ago"));

            lab.shell(flip("$(ls " + aof + " | grep '" + broken + "$' | tail -n 1)") + VERIFY)
                    .ok();
            agent.awaitHealth("damage of " + broken, answer -> isStatus("unhealthy"));
            assertThat(detail()).contains(broken + " is damaged: offset ");

            mendedAsPrinted();
        }
    }

    @Test
    void aRunThatIsKilledLeavesNothingBroken() {
        // Large enough to be read for longer than it takes to kill it.
        lab.shell("redis-cli EVAL \"for i=1,300000 do redis.call('SET', 'many:' .. i, string.rep(i, 20)) end\" 0;"
                        + " redis-cli SAVE; systemctl start --no-block redis-warden-verify.service;"
                        + " until grep -q '^reading' /var/lib/redis-warden/verified; do sleep .05; done;"
                        + " systemctl kill --signal=KILL redis-warden-verify.service; until systemctl is-active"
                        + " redis-warden-verify.service | grep -x 'inactive\\|failed'; do sleep .05; done")
                .ok();
        assertThat(isStatus(whole)).isTrue();

        lab.shell("systemctl reset-failed redis-warden-verify.service; " + VERIFY)
                .ok();

        agent.awaitHealth("verified", answer -> detail().contains("verified 0 min ago"));
        lab.shell("redis-cli FLUSHALL; redis-cli SAVE").ok();
    }

    private void mendedAsPrinted() {
        lab.exec("sh", "-ec", Agent.remedy(agent.get("/health/files").body())).ok();
        agent.awaitHealth("mended", answer -> isStatus(whole) && detail().contains("verified 0 min ago"));
        assertThat(lab.exec("redis-warden", "verify").ok()).doesNotContain("DAMAGED", "unknown");
    }

    private boolean isStatus(String status) {
        return agent.get("/health/files").body().startsWith("{\n  \"status\": \"" + status + "\"");
    }

    private String detail() {
        return agent.get("/health/files").body();
    }

    /** The byte in the middle; of a log the first one of the command there. */
    private static String flip(String file) {
        return "f=" + file + "; at=$(grep -abo '^\\*3' \"$f\" | awk -F: -v half=$(($(stat -c %s \"$f\") / 2))"
                + " '$1 >= half { print $1; exit }'); [ -n \"$at\" ] || at=$(($(stat -c %s \"$f\") / 2));"
                + " printf '\\377' | dd of=\"$f\" bs=1 seek=\"$at\" conv=notrunc status=none; ";
    }
}
