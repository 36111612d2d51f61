package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What the daemon may do on a host, and that its removal undoes all of it. */
@InEveryLab
class PrivilegeLabTest {

    private static final double MOST_EXPOSED = 1.5;

    private final Lab lab;

    PrivilegeLabTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void theSandboxIsTightAndTheUnitVerifies() {
        var security = lab.exec("systemd-analyze", "security", "--no-pager", "redis-warden.service")
                .ok();
        var exposure = Pattern.compile("Overall exposure level for redis-warden.service: ([\\d.]+)")
                .matcher(security);
        assertThat(exposure.find()).as(security).isTrue();
        assertThat(Double.parseDouble(exposure.group(1))).as(security).isLessThanOrEqualTo(MOST_EXPOSED);
        var verify = lab.exec("systemd-analyze", "verify", "--man=no", "redis-warden.service");
        assertThat(verify.ok() + verify.err()).isEmpty();
    }

    @Test
    void theDaemonRunsWithoutPrivilege() {
        var pid = lab.exec("systemctl", "show", "-P", "MainPID", "redis-warden").ok();
        assertThat(lab.exec("ps", "-o", "user:20=", "-p", pid).ok()).isEqualTo("redis-warden");
        assertThat(lab.shell("grep CapEff /proc/" + pid + "/status").ok()).endsWith("0000000000000000");
    }

    @Test
    void removalStopsItAndPurgeLeavesNothing() {
        try (var other = lab.copy()) {
            other.shell("apt-get -qy remove redis-warden").ok();
            assertThat(other.exec("systemctl", "is-active", "redis-warden")
                            .out()
                            .strip())
                    .isEqualTo("inactive");
            assertThat(other.exec("redis-cli", "ping").ok()).isEqualTo("PONG");
            other.shell("apt-get -qy purge redis-warden").ok();
            assertThat(other.shell("find / -xdev -path /proc -prune -o -path /var/log -prune -o"
                                    + " -path /var/cache/redis-warden-lab -prune -o -name '*redis-warden*' -print")
                            .ok())
                    .isEmpty();
            assertThat(other.exec("getent", "passwd", "redis-warden").exit()).isNotZero();
        }
    }
}
