package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What installing, upgrading and purging does to a host beyond unpacking files. */
@InEveryLab
class MaintainerScriptsLabTest {

    private final Lab lab;

    MaintainerScriptsLabTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void isEnabledAndRunsAfterItsInstallation() {
        assertThat(lab.exec("systemctl", "is-enabled", "redis-warden").ok()).isEqualTo("enabled");
        assertThat(lab.exec("systemctl", "is-active", "redis-warden").ok()).isEqualTo("active");
    }

    @Test
    void mayReadItsConfigurationAndRedissFilesAndNobodyElseMay() {
        assertThat(lab.shell("stat -c %U:%G:%a /etc/redis-warden/redis-warden.toml")
                        .ok())
                .isEqualTo("root:redis-warden:640");
        assertThat(lab.exec("id", "-Gn", "redis-warden").ok().split(" ")).contains("redis-warden", "redis");
        assertThat(lab.execAs("redis-warden", "test", "-r", "/etc/redis-warden/redis-warden.toml")
                        .exit())
                .isZero();
        assertThat(lab.execAs("nobody", "test", "-r", "/etc/redis-warden/redis-warden.toml")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void runsFromItsClassDataArchive() {
        assertThat(lab.shell("grep -c /var/cache/redis-warden/classes.jsa "
                                + "/proc/$(systemctl show -P MainPID redis-warden)/maps")
                        .ok())
                .isNotEqualTo("0");
        try (var own = lab.copy()) {
            own.shell("mkdir -p /etc/systemd/system/redis-warden.service.d && printf '%s\\n' [Service] ExecStart="
                            + " 'ExecStart=/usr/lib/redis-warden/runtime/bin/java @/usr/share/redis-warden/jvm.options"
                            + " -Xshare:on -Xlog:class+load=info:file=/var/lib/redis-warden/loaded -jar"
                            + " /usr/share/redis-warden/redis-warden.jar agent'"
                            + " >/etc/systemd/system/redis-warden.service.d/log.conf"
                            + " && systemctl daemon-reload && systemctl restart redis-warden")
                    .ok();
            var loaded = own.exec("cat", "/var/lib/redis-warden/loaded").ok();
            var named = loaded.lines()
                    .filter(line -> line.contains(" source: ") && !line.contains("/0x") && !line.contains("roxy"))
                    .toList();
            var archived = named.stream()
                    .filter(line -> line.contains("shared objects file"))
                    .count();
            assertThat(archived * 100 / named.size())
                    .as("percentage of %d classes; packaging/build/classes records them anew", named.size())
                    .isGreaterThanOrEqualTo(95);
        }
    }

    @Test
    void startsWithoutAnArchiveAsWell() {
        lab.shell("mv /var/cache/redis-warden/classes.jsa /root && redis-warden --version"
                        + "; mv /root/classes.jsa /var/cache/redis-warden")
                .ok();
        var version = lab.shell("JAVA_TOOL_OPTIONS=-Xmx1k redis-warden --version");
        assertThat(version.err()).isEmpty();
        assertThat(version.ok()).contains("17.");
    }

    @Test
    void joinsTheGroupOfAServerThatIsInstalledLater() {
        var before =
                lab.exec("systemctl", "show", "-P", "MainPID", "redis-warden").ok();
        lab.shell("groupadd --system valkey && dpkg-trigger --no-await --by-package=base-files /usr/bin/valkey-server"
                        + " && dpkg --triggers-only --pending")
                .ok();
        assertThat(lab.exec("id", "-Gn", "redis-warden").ok().split(" ")).contains("valkey", "redis");
        assertThat(lab.exec("systemctl", "show", "-P", "MainPID", "redis-warden")
                        .ok())
                .as("restarted, as groups are those of a process's start")
                .isNotEqualTo(before);
        lab.exec("groupdel", "valkey").ok();
    }

    @Test
    void anUpgradeRestartsTheAgentWithANewArchiveAndKeepsTheConfiguration(@TempDir Path directory) throws IOException {
        try (var own = lab.copy()) {
            own.shell("printf '# mine\\n[cycle]\\nslow = \"9s\"\\n' >/etc/redis-warden/redis-warden.toml")
                    .ok();
            var before = own.exec("systemctl", "show", "-P", "MainPID", "redis-warden")
                    .ok();
            var archive =
                    own.shell("stat -c %i /var/cache/redis-warden/classes.jsa").ok();
            own.install(nextVersion(directory)).ok();
            assertThat(own.exec("dpkg-query", "-W", "-f", "${Version}", "redis-warden")
                            .ok())
                    .isEqualTo("99");
            assertThat(own.exec("systemctl", "show", "-P", "MainPID", "redis-warden")
                            .ok())
                    .isNotEqualTo(before);
            assertThat(own.shell("stat -c %i /var/cache/redis-warden/classes.jsa")
                            .ok())
                    .isNotEqualTo(archive);
            assertThat(own.shell("grep -c classes.jsa /proc/$(systemctl show -P MainPID redis-warden)/maps")
                            .ok())
                    .isNotEqualTo("0");
            assertThat(own.exec("head", "-n1", "/etc/redis-warden/redis-warden.toml")
                            .ok())
                    .isEqualTo("# mine");
            assertThat(own.shell("stat -c %U:%G:%a /etc/redis-warden/redis-warden.toml")
                            .ok())
                    .isEqualTo("root:redis-warden:640");
        }
    }

    /** The same package, called version 99. */
    private static Path nextVersion(Path directory) {
        var tree = directory.resolve("tree").toString();
        var deb = directory.resolve("redis-warden_99.deb");
        Stream.of(
                        List.of("dpkg-deb", "-R", InstalledLabs.deb().toString(), tree),
                        List.of("sed", "-i", "s/^Version: .*/Version: 99/", tree + "/DEBIAN/control"),
                        List.of("dpkg-deb", "-Znone", "--build", tree, deb.toString()))
                .forEach(command ->
                        Command.run(Duration.ofMinutes(2), "", command).ok());
        return deb;
    }

    @Test
    void aPurgeThrowsNoPasswordAwayThatStandsNowhereElse() {
        try (var own = lab.copy()) {
            own.shell(
                            "mkdir -p /srv/sum/shop; echo REDIS_URL=redis://default:s3cret-one@127.0.0.1/0 >/srv/sum/shop/.env;"
                                    + " echo s3cret-one >/etc/redis-warden/main.password;"
                                    + " echo s3cret-two >/etc/redis-warden/other.password")
                    .ok();
            assertThat(own.shell("apt-get -qy purge redis-warden 2>&1").ok())
                    .contains("the password of /etc/redis-warden/main.password, which stands in /srv/sum/shop/.env")
                    .contains("/etc/redis-warden/other.password stays")
                    .doesNotContain("s3cret");
            assertThat(own.shell("stat -c '%n %U:%G %a' /etc/redis-warden/*").ok())
                    .isEqualTo("/etc/redis-warden/other.password root:root 600");
        }
    }

    @Test
    void aPurgeLeavesNoWordInTheSystemsOwnFiles() {
        try (var own = lab.copy()) {
            own.exec("apt-get", "-qy", "purge", "redis-warden").ok();
            // Files ending in - are backups that the tools for users and groups make.
            assertThat(own.shell("grep -rl redis-warden /etc /var/lib/dpkg /var/lib/systemd | grep -v -e '-$' || true")
                            .ok())
                    .isEmpty();
        }
    }
}
