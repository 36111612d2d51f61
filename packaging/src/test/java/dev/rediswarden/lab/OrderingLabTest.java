package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A host on which Redis is off and nothing is ordered: what the installation makes of it, and the boots after it. */
@InEverySuite
class OrderingLabTest {

    private static final List<String> RUNNING =
            List.of(Site.REDIS, "celery.service", "celery@a.service", "gunicorn.service");

    private final Lab lab;
    private final Site site;

    OrderingLabTest(Lab lab) {
        this.lab = lab;
        this.site = new Site(lab);
    }

    @Test
    void theInstallationMakesItRightForThisBootAndTheNext() {
        lab.exec("systemctl", "disable", "--now", "redis-server").ok();
        List.of("celery.service", "celery@.service", "gunicorn.service").forEach(site::add);
        lab.exec("systemctl", "enable", "--now", "celery", "celery@a", "gunicorn")
                .ok();
        lab.install(InstalledLabs.deb()).ok();
        assertThat(lab.exec("systemctl", "is-enabled", "redis-server").ok()).isEqualTo("enabled");
        assertThat(lab.exec("redis-cli", "ping").ok()).isEqualTo("PONG");
        List.of("celery.service", "celery@.service", "gunicorn.service").forEach(site::awaitDropIn);
        for (var unit : List.of("celery.service", "celery@a.service")) {
            assertThat(site.property(unit, "After")).contains(Site.REDIS);
            assertThat(site.property(unit, "Wants")).contains(Site.REDIS);
        }
        assertThat(site.property("gunicorn.service", "Wants")).contains(Site.REDIS);
        assertThat(site.property("gunicorn.service", "After"))
                .as("a web server starts without Redis")
                .doesNotContain(Site.REDIS);
        nothingIsLeftToDo();

        lab.reboot();
        RUNNING.forEach(unit ->
                assertThat(lab.exec("systemctl", "is-active", unit).ok()).isEqualTo("active"));
        assertThat(entered(Site.REDIS)).isLessThan(entered("celery.service")).isLessThan(entered("celery@a.service"));
        nothingIsLeftToDo();

        lab.exec("systemctl", "mask", "redis-server").ok();
        lab.reboot();
        assertThat(lab.exec("systemctl", "is-active", "gunicorn").ok()).isEqualTo("active");
        assertThat(lab.exec("systemctl", "is-active", "redis-server").out().strip())
                .isEqualTo("inactive");
    }

    private void nothingIsLeftToDo() {
        assertThat(lab.exec("redis-warden", "plan", "--units").ok()).isEqualTo("# nothing to do");
        var before = site.files();
        assertThat(lab.exec("redis-warden", "apply", "--units").ok())
                .startsWith("nothing to do: the units are as they are wanted");
        assertThat(site.files()).isEqualTo(before);
    }

    private long entered(String unit) {
        return Long.parseLong(
                site.property(unit, "ActiveEnterTimestampMonotonic").get(0));
    }
}
