package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The package on a host: what it may do there, what it puts there, and what it leaves. */
@InEveryLab
class PackageLabTest {

    private static final double MOST_EXPOSED = 1.5;

    private final Lab lab;

    PackageLabTest(Lab lab) {
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
        var verify = lab.exec("systemd-analyze", "verify", "redis-warden.service");
        assertThat(verify.ok() + verify.err()).isEmpty();
    }

    @Test
    void theDaemonRunsWithoutPrivilegeAndFromTheArchive() {
        var pid = lab.exec("systemctl", "show", "-P", "MainPID", "redis-warden").ok();
        assertThat(lab.exec("ps", "-o", "user:20=", "-p", pid).ok()).isEqualTo("redis-warden");
        assertThat(lab.shell("grep CapEff /proc/" + pid + "/status").ok()).endsWith("0000000000000000");
        // A class-data archive that does not fit is not used, and Java does not say so.
        assertThat(lab.shell("cat /proc/" + pid + "/maps").ok()).contains("/var/cache/redis-warden/classes.jsa");
    }

    @Test
    void theConfigurationIsNotForEveryone() {
        assertThat(lab.exec("stat", "-c", "%U:%G %a", "/etc/redis-warden/redis-warden.toml")
                        .ok())
                .isEqualTo("root:redis-warden 640");
    }

    @Test
    void manualsAndCompletionAreThere() {
        lab.exec("test", "-e", "/usr/share/man/man1/redis-warden.1.gz").ok();
        lab.exec("test", "-e", "/usr/share/man/man5/redis-warden.toml.5.gz").ok();
        var completed = lab.exec(
                "bash",
                "-c",
                "source /usr/share/bash-completion/completions/redis-warden; COMP_WORDS=(redis-warden '');"
                        + " COMP_CWORD=1; _redis_warden; echo ${COMPREPLY[*]}");
        assertThat(completed.ok()).contains("agent", "check", "status", "config");
    }

    @Test
    void anInstallationOfTheSameAgainRestartsAndKeepsTheConfiguration() {
        var pid = lab.exec("systemctl", "show", "-P", "MainPID", "redis-warden").ok();
        lab.shell("echo '# an administrator was here' >> /etc/redis-warden/redis-warden.toml")
                .ok();
        lab.shell("apt-get -qy -o Dpkg::Options::=--force-confold install --reinstall"
                        + " $(ls /var/cache/redis-warden-lab/redis-warden_*.deb)")
                .ok();
        lab.agent().awaitStatus(200);
        assertThat(lab.exec("systemctl", "show", "-P", "MainPID", "redis-warden")
                        .ok())
                .isNotEqualTo(pid);
        assertThat(lab.exec("tail", "-n", "1", "/etc/redis-warden/redis-warden.toml")
                        .ok())
                .isEqualTo("# an administrator was here");
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
