package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an installation has changed of others' units, its removal takes back. */
@InEverySuite
@OneSuite
class RemovalLabTest {

    private final Lab lab;
    private final Site site;

    RemovalLabTest(Lab lab) {
        this.lab = lab;
        this.site = new Site(lab);
    }

    @Test
    void unitsAreAsBeforeItsInstallation() {
        lab.exec("systemctl", "disable", "--now", "redis-server").ok();
        List.of("celery.service", "gunicorn.service").forEach(site::add);
        site.write(
                "/etc/systemd/system/sum-shop-backup.service",
                "[Service]\nExecStart=/usr/share/redis-warden/scripts/backup.sh --site-slug shop\n");
        site.write("/etc/systemd/system/" + TIMER, "[Timer]\nOnCalendar=yearly\n[Install]\nWantedBy=timers.target\n");
        lab.shell("systemctl daemon-reload; systemctl enable " + TIMER).ok();
        lab.exec("systemctl", "enable", "--now", "celery", "gunicorn").ok();
        var before = site.files();
        lab.install(InstalledLabs.deb()).ok();
        List.of("celery.service", "gunicorn.service").forEach(site::awaitDropIn);
        var installed = site.files();
        assertThat(installed).isNotEqualTo(before);

        lab.install(InstalledLabs.deb()).ok();
        assertThat(site.files()).as("an upgrade keeps what is there").isEqualTo(installed);

        lab.exec("redis-warden", "apply", "--settings").ok();
        var bound = lab.exec("redis-cli", "CONFIG", "GET", "maxmemory").ok();
        assertThat(bound).doesNotEndWith("\n0");

        assertThat(lab.shell("apt-get -qy remove redis-warden 2>&1").ok())
                .contains("before it is removed: sudo redis-warden apply --revert")
                .contains("shop is not backed up any more", "sudo systemctl disable --now " + TIMER)
                .doesNotContain("resume");
        assertThat(lab.exec("redis-cli", "CONFIG", "GET", "maxmemory").ok()).isEqualTo(bound);
        // Whether it is enabled itself is kept until a purge, as Debian does it.
        assertThat(withoutItsOwn(site.files())).isEqualTo(before);
        assertThat(lab.exec("systemctl", "is-enabled", "redis-server").out().strip())
                .isEqualTo("disabled");
        assertThat(site.property("celery.service", "Wants")).doesNotContain(Site.REDIS);

        // What it has set is taken back by who has it again, also then.
        lab.install(InstalledLabs.deb()).ok();
        lab.exec("redis-warden", "apply", "--revert").ok();
        assertThat(lab.exec("redis-cli", "CONFIG", "GET", "maxmemory").ok()).endsWith("\n0");

        lab.exec("apt-get", "-qy", "purge", "redis-warden").ok();
        assertThat(site.files()).isEqualTo(before);
    }

    private static final String TIMER = "sum-shop-backup.timer";

    private static String withoutItsOwn(String files) {
        return files.lines()
                .filter(line -> !line.contains(".wants/redis-warden") && !line.contains("/paths.target.wants "))
                .collect(Collectors.joining("\n"));
    }
}
