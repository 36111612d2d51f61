package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
    void fromItsSandboxItChangesNoUnitAndReadsNothingOfRoots() {
        assertThat(asDaemon("touch /run/redis-warden/apply && busctl get-property org.freedesktop.systemd1"
                                + " /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager Version")
                        .ok())
                .as("what it may: ring the bell, and ask systemd")
                .isNotEmpty();
        assertThat(asDaemon("touch /etc/systemd/system/celery.service").err()).contains("Read-only file system");
        for (var call : List.of(
                "StartUnit ss redis-server.service replace",
                "StopUnit ss redis-server.service replace",
                "Reload",
                "EnableUnitFiles asbb 1 redis-server.service false false",
                "StartTransientUnit 'ssa(sv)a(sa(sv))' evil.service replace 0 0")) {
            var denied = asDaemon("busctl call org.freedesktop.systemd1 /org/freedesktop/systemd1"
                    + " org.freedesktop.systemd1.Manager " + call);
            assertThat(denied.exit()).as(denied.toString()).isNotZero();
            assertThat(denied.err()).containsIgnoringCase("denied");
        }
        lab.exec("test", "-d", "/var/lib/redis-warden-apply").ok();
        assertThat(asDaemon("ls /var/lib/redis-warden-apply").err()).contains("Permission denied");
        assertThat(asDaemon("cat /var/lib/redis-warden-apply/budgets").err()).contains("Permission denied");
        assertThat(asDaemon("touch /run/redis-warden-apply/state").exit()).isNotZero();
    }

    /** In the daemon's own view of the file system, as its user, with its groups and without any capability. */
    private Result asDaemon(String line) {
        return lab.exec(
                "sh",
                "-c",
                "exec nsenter --target \"$(systemctl show -P MainPID redis-warden)\" --mount -- setpriv"
                        + " --reuid redis-warden --regid redis-warden --init-groups --inh-caps=-all"
                        + " --bounding-set=-all --no-new-privs sh -ec \"$0\"",
                line);
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
