package dev.rediswarden.lab;

import static dev.rediswarden.lab.GoldenSite.SCRIPTS;
import static dev.rediswarden.lab.GoldenSite.SITE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is promised for Ubuntu as well: its oldest that is, and a site on one whose own packages make it up. */
@ExtendWith(RootRequired.class)
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
class UbuntuLabTest {

    @Test
    void theHostIsWatchedOnItsOldest() {
        try (var lab = Lab.up("jammy")) {
            lab.install(InstalledLabs.deb()).ok();
            lab.await("health", "curl -sf localhost:9180/health");
            assertThat(lab.shell("redis-warden check --only ping,writable,unit,identity,binding,auth,persistence,drift")
                            .ok())
                    .startsWith("ok\n")
                    .doesNotContain("unknown");

            lab.shell("systemctl kill -s KILL redis-server").ok();
            lab.await("Redis again", "redis-cli PING | grep -x PONG && curl -sf localhost:9180/health/ping");
            lab.shell("redis-warden apply; redis-cli CONFIG GET maxmemory | grep -vx -e maxmemory -e 0")
                    .ok();

            lab.exec("apt-get", "-qy", "purge", "redis-warden").ok();
            assertThat(lab.shell("systemctl --failed --no-legend").ok()).isEmpty();
        }
    }

    @Test
    void aSiteIsProvisionedDeployedBackedUpAndRebooted() {
        try (var site = GoldenSite.up("noble")) {
            site.provisioned.ok();
            site.deployed.ok();
            var lab = site.lab;
            assertThat(lab.shell(SITE + "/health/").ok()).contains("\"status\": \"ok\"");
            assertThat(lab.shell(GoldenSite.PROVISION).ok().lines())
                    .isNotEmpty()
                    .allMatch(line -> line.startsWith("ok      "));
            lab.shell(SCRIPTS + "backup.sh --site-slug acme; " + SCRIPTS + "restore.sh --site-slug acme --drill; "
                            + SCRIPTS + "restore.sh --site-slug acme --i-know-this-will-overwrite; "
                            + "systemctl stop sum-acme-celery; " + SITE + "/queue/waiting/ | grep -x queued")
                    .ok();

            lab.reboot();

            lab.await("the task that was queued before", SITE + "/done/waiting/ | grep -x done");
            assertThat(lab.shell(SCRIPTS + "smoke.sh").ok()).doesNotContain("FAILED");
        }
    }
}
