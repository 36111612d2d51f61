package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes that meet a bad configuration, a trap, a full disk, a kill, a crowd: all of it is done, or none. */
@InEveryLab
@OneSuite
class InterruptedApplyLabTest {

    private static final String UNITS = "/etc/systemd/system";
    /** Tenths of a second between two instants of a kill. */
    private static final int EVERY = LongRun.ASKED ? 1 : 3;

    private final Lab lab;
    private final Agent agent;
    private final Site site;

    InterruptedApplyLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
        this.site = new Site(lab);
    }

    /** What is done is done by a test alone. */
    @BeforeEach
    void pause() {
        lab.exec("redis-warden", "pause", "2h").ok();
    }

    @AfterEach
    void resume() {
        lab.shell("find " + UNITS
                        + " -name 'celery*.service' -delete; systemctl daemon-reload; redis-warden apply --units")
                .ok();
        assertThat(site.dropIns()).isEmpty();
    }

    @Test
    void aRuleForEveryUnitIsRefusedAndNothingIsChanged() {
        site.write("/root/all.toml", "[[order]]\nunits = \"*.service\"\n");
        site.add("celery.service");
        var before = site.files();
        for (var command : List.of("plan", "apply")) {
            var refused = lab.exec("redis-warden", command, "--units", "--config", "/root/all.toml");
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(78);
            assertThat(refused.err()).contains("order.1.units");
        }
        assertThat(site.files()).isEqualTo(before);
    }

    @Test
    void aDirectoryThatIsALinkIsNotWrittenThrough() {
        lab.shell("mkdir -p /root/elsewhere; ln -s /root/elsewhere " + UNITS + "/celery.service.d")
                .ok();
        site.add("celery.service");
        try {
            var before = site.files();
            var failed = lab.exec("redis-warden", "apply", "--units");
            assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
            assertThat(failed.out())
                    .contains("FAILED", UNITS + "/celery.service.d is no directory, or a symbolic link");
            assertThat(lab.shell("ls -A /root/elsewhere").ok()).isEmpty();
            assertThat(site.files()).isEqualTo(before);
            agent.awaitHealth(
                    "the reason",
                    answer -> answer.body().contains("redis-warden tried, and failed: order celery.service"));
            assertThat(agent.get("/health/ordering").body())
                    .contains(UNITS + "/celery.service.d is no directory", "sudo redis-warden apply --units");
        } finally {
            lab.exec("rm", UNITS + "/celery.service.d").ok();
        }
        lab.exec("redis-warden", "apply", "--units").ok();
        agent.awaitHealth("no word of it", answer -> !answer.body().contains("tried, and failed"));
    }

    @Test
    void aFullDiskFailsAndIsRolledBack() {
        site.add("celery-1.service");
        site.add("celery-2.service");
        lab.shell("cp -a " + UNITS + " /root/units && mount -t tmpfs -o size=512k tmpfs " + UNITS
                        + " && cp -a /root/units/. " + UNITS + "; dd if=/dev/zero of=" + UNITS
                        + "/filler bs=4k 2>/dev/null || true; systemctl daemon-reload")
                .ok();
        try {
            var before = site.files();
            var failed = lab.exec("redis-warden", "apply", "--units");
            assertThat(failed.exit()).as(failed.toString()).isEqualTo(1);
            assertThat(failed.out()).contains("FAILED", "No space left on device; everything was taken back");
            assertThat(site.files()).isEqualTo(before);
        } finally {
            lab.shell("umount " + UNITS + "; rm -r /root/units; systemctl daemon-reload")
                    .ok();
        }
        assertThat(lab.exec("redis-warden", "apply", "--units").ok()).contains("done    order celery-1.service");
        assertThat(site.dropIns()).hasSize(2);
    }

    @Test
    void aKillAtAnyInstantIsMadeGoodByTheNextRun() {
        var units = site.addMany(30);
        var before = site.files();
        for (var tenths = 1; tenths <= 10; tenths += EVERY) {
            var delay = Duration.ofMillis(tenths * 100L).toMillis() / 1000.0;
            lab.shell("timeout -s KILL " + delay + " redis-warden apply --units || true")
                    .ok();
            lab.exec("redis-warden", "apply", "--units").ok();
            assertThat(site.dropIns()).as("after a kill at %s s", delay).hasSameSizeAs(units);
            assertThat(site.property("celery-30.service", "After")).contains(Site.REDIS);
            lab.exec("redis-warden", "apply", "--units", "--revert").ok();
            assertThat(site.files()).as("after a kill at %s s", delay).isEqualTo(before);
        }
    }

    @Test
    void fiveHundredUnitsTakeOneReload() {
        var units = site.addMany(500);
        lab.shell("systemctl enable --quiet " + String.join(" ", units)).ok();
        var journal = Journal.from(lab);
        var took = lab.shell(
                        "start=$(date +%s%N); redis-warden apply --units >/root/applied; echo $((($(date +%s%N) - start) / 1000000))")
                .ok();
        System.out.printf("%s: apply of %d units took %s ms%n", lab, units.size(), took);
        assertThat(site.dropIns()).hasSameSizeAs(units);
        assertThat(journal.reloads()).isEqualTo(1);
        assertThat(lab.exec("redis-warden", "plan", "--units").ok()).isEqualTo("# nothing to do");
        lab.shell("systemctl disable --quiet " + String.join(" ", units)).ok();
    }

    @Test
    void aRuleThatMatchesThousandsOfUnitsIsRefusedWithoutAskingForThem() {
        site.addMany(10_000);
        for (var command : List.of("plan", "apply")) {
            var refused = lab.exec("redis-warden", command, "--units");
            assertThat(refused.exit()).as(refused.toString()).isNotZero();
            assertThat(refused.out()).contains("\"*celery*.service\" matches 10000 units, over 1000");
        }
        assertThat(site.dropIns()).isEmpty();
    }
}
