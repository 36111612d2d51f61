package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What an installation has changed of others' units, its removal takes back. */
@InEverySuite
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
        lab.exec("systemctl", "enable", "--now", "celery", "gunicorn").ok();
        var before = site.files();
        lab.install(InstalledLabs.deb()).ok();
        List.of("celery.service", "gunicorn.service").forEach(site::awaitDropIn);
        var installed = site.files();
        assertThat(installed).isNotEqualTo(before);

        lab.install(InstalledLabs.deb()).ok();
        assertThat(site.files()).as("an upgrade keeps what is there").isEqualTo(installed);

        lab.exec("apt-get", "-qy", "remove", "redis-warden").ok();
        // Whether it is enabled itself is kept until a purge, as Debian does it.
        assertThat(withoutItsOwn(site.files())).isEqualTo(before);
        assertThat(lab.exec("systemctl", "is-enabled", "redis-server").out().strip())
                .isEqualTo("disabled");
        assertThat(site.property("celery.service", "Wants")).doesNotContain(Site.REDIS);

        lab.exec("apt-get", "-qy", "purge", "redis-warden").ok();
        assertThat(site.files()).isEqualTo(before);
    }

    private static String withoutItsOwn(String files) {
        return files.lines()
                .filter(line -> !line.contains(".wants/redis-warden") && !line.contains("/paths.target.wants "))
                .collect(Collectors.joining("\n"));
    }
}
