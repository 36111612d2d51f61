package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Units that come, go and change while the daemon runs: ordered without anybody's doing, and never against it. */
@InEveryLab
class SiteUnitsLabTest {

    private static final String UNIT = "celery-later.service";

    private final Lab lab;
    private final Agent agent;
    private final Site site;

    SiteUnitsLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
        this.site = new Site(lab);
    }

    @AfterEach
    void takeAway() {
        lab.shell("rm -rf /etc/systemd/system.control/celery* /etc/systemd/system/celery*"
                        + " /etc/systemd/system/redis-server.service.d /run/systemd/system/celery* /lib/systemd/system/celery*;"
                        + " systemctl daemon-reload")
                .ok();
        site.hand();
    }

    @Test
    void aUnitIsOrderedWithinSecondsAndForgottenWithItsFile() {
        site.add(UNIT);
        site.awaitDropIn(UNIT);
        lab.await("its order", "systemctl show -P After " + UNIT + " | grep -qw " + Site.REDIS);
        site.remove(List.of(UNIT));
        site.awaitNoDropIn(UNIT);
    }

    @Test
    void aUnitWithItsOwnOrderGetsNone() {
        site.add(UNIT, "After=" + Site.REDIS, "Wants=" + Site.REDIS);
        site.hand();
        assertThat(site.dropIns()).isEmpty();
        assertThat(lab.exec("redis-warden", "plan", "--units").ok()).isEqualTo("# nothing to do");
    }

    @Test
    void unitsOfTheRuntimeAndOfPackagesAreOrderedToo() {
        site.addTo("/run/systemd/system", "celery-run.service");
        site.addTo("/lib/systemd/system", "celery-lib.service");
        for (var unit : List.of("celery-run.service", "celery-lib.service")) {
            site.awaitDropIn(unit);
            lab.await("its order", "systemctl show -P After " + unit + " | grep -qw " + Site.REDIS);
        }
        lab.shell("rm /run/systemd/system/celery-run.service /lib/systemd/system/celery-lib.service;"
                        + " systemctl daemon-reload")
                .ok();
        site.awaitNoDropIn("celery-run.service");
        site.awaitNoDropIn("celery-lib.service");
    }

    @Test
    void aUnitThatRequiresRedisIsToldWithWhatMendsIt() {
        site.add(UNIT, "After=" + Site.REDIS, "Requires=" + Site.REDIS);
        agent.awaitHealth("a unit that requires Redis", answer -> answer.body().contains(UNIT + " requires "));
        var ordering = agent.get("/health/ordering").body();
        assertThat(ordering).contains("\"degraded\"");
        lab.shell(Agent.remedy(ordering)).ok();
        agent.awaitHealth("the order by Wants=", answer -> answer.body().contains("1 unit knows that it needs "));
        assertThat(site.property(UNIT, "Wants")).contains(Site.REDIS);
        assertThat(site.property(UNIT, "Requires")).doesNotContain(Site.REDIS);
        assertThat(site.dropIns()).isEmpty();
    }

    @Test
    void aPackagesUnitThatRequiresRedisIsMendedInACopy() {
        var file = "/lib/systemd/system/" + UNIT;
        site.addTo("/lib/systemd/system", UNIT, "After=" + Site.REDIS, "Requires=" + Site.REDIS);
        var before = lab.exec("cat", file).ok();
        agent.awaitHealth("a unit that requires Redis", answer -> answer.body().contains(UNIT + " requires "));
        lab.shell(Agent.remedy(agent.get("/health/ordering").body())).ok();
        agent.awaitHealth("the order by Wants=", answer -> answer.body().contains("1 unit knows that it needs "));
        assertThat(site.property(UNIT, "FragmentPath")).containsExactly("/etc/systemd/system/" + UNIT);
        assertThat(site.property(UNIT, "Wants")).contains(Site.REDIS);
        assertThat(site.property(UNIT, "Requires")).doesNotContain(Site.REDIS);
        assertThat(lab.exec("cat", file).ok()).isEqualTo(before);
        assertThat(site.dropIns()).isEmpty();
    }

    @Test
    void aProgramUnderAnotherNameIsOrderedWhileTheRuleSaysSo() {
        var file = "/etc/redis-warden/redis-warden.toml";
        var unit = "shop-tasks.service";
        lab.exec("cp", "-p", file, "/root/kept.toml").ok();
        site.write("/etc/systemd/system/" + unit, "[Service]\nExecStart=/srv/shop/venv/bin/celery -A shop worker\n");
        lab.exec("systemctl", "daemon-reload").ok();
        try {
            site.hand();
            assertThat(site.dropIns()).as("without the option").isEmpty();
            lab.shell("printf '[[order]]\\nunits = \"*celery*.service\"\\nprogram = \"celery\"\\n' >>" + file
                            + "; systemctl reload redis-warden")
                    .ok();
            site.awaitDropIn(unit);
            lab.await("its order", "systemctl show -P After " + unit + " | grep -qw " + Site.REDIS);
            site.hand();
            lab.shell("cp -p /root/kept.toml " + file + "; systemctl reload redis-warden")
                    .ok();
            site.awaitNoDropIn(unit);
        } finally {
            lab.shell("cp -p /root/kept.toml " + file + "; systemctl reload redis-warden")
                    .ok();
            site.remove(List.of(unit));
        }
    }

    @Test
    void anAdministratorsFileInPlaceOfOursIsRespected() {
        site.add(UNIT);
        site.awaitDropIn(UNIT);
        // What wrote it is at its proof still, for which a link in the file's place is a failure.
        site.hand();
        lab.shell("ln -sf /dev/null " + Site.dropIn(UNIT) + "; systemctl daemon-reload")
                .ok();
        site.hand();
        assertThat(lab.exec("readlink", Site.dropIn(UNIT)).ok()).isEqualTo("/dev/null");
        assertThat(site.property(UNIT, "After")).doesNotContain(Site.REDIS);
        agent.awaitHealth("no word about it", answer -> answer.body().contains("no unit of the site matches a rule"));
        var plan = lab.exec("redis-warden", "plan", "--units").ok();
        assertThat(plan).contains("an administrator's own, and stays").contains("# nothing to do");
    }

    /** A file of the same name where systemd looks first: what is written has no effect, and never will have. */
    @Test
    void aDropInThatHasNoEffectIsTakenBackOnceAndNotTriedAgain() {
        lab.shell("mkdir -p /etc/systemd/system.control/" + UNIT + ".d; ln -s /dev/null /etc/systemd/system.control/"
                        + UNIT + ".d/50-redis-warden.conf")
                .ok();
        site.add(UNIT);
        lab.await(
                "that it is left",
                "grep -q 'left " + UNIT + " systemd did not take its drop-in' /run/redis-warden-apply/state");
        assertThat(lab.exec("ls", "/etc/systemd/system").ok()).doesNotContain(UNIT + ".d");
        var journal = Journal.from(lab);
        site.hand();
        lab.exec("systemctl", "restart", "redis-warden").ok();
        agent.awaitHealth("the missing order", answer -> answer.body().contains(UNIT + " lacks After="));
        site.hand();
        assertThat(journal.reloads()).isZero();
        var tried = lab.exec("redis-warden", "apply", "--units");
        assertThat(tried.exit()).as(tried.toString()).isEqualTo(1);
        assertThat(journal.reloads()).isEqualTo(2);
        lab.exec("rm", "-r", "/etc/systemd/system.control/" + UNIT + ".d").ok();
        assertThat(lab.exec("redis-warden", "resume").ok()).contains("done    order " + UNIT);
    }

    @Test
    void anOrderThatWouldMakeACycleIsLeftUntilTheWayIsOpen() {
        var loop = "celery-loop.service";
        site.write("/etc/systemd/system/redis-server.service.d/loop.conf", "[Unit]\nAfter=" + loop + "\n");
        site.add(loop);
        agent.awaitHealth(
                "the way back",
                answer -> answer.body().contains("would make a cycle: " + Site.REDIS + " After=" + loop));
        assertThat(Agent.remedy(agent.get("/health/ordering").body()))
                .startsWith("systemctl cat '" + Site.REDIS + "' '" + loop + "'");
        assertThat(lab.exec("redis-warden", "apply", "--units").ok())
                .contains("left    " + loop, Site.REDIS + " starts after it", "nothing to do");
        site.hand();
        assertThat(site.dropIns()).isEmpty();
        assertThat(lab.exec("systemd-analyze", "verify", Site.REDIS, loop).toString())
                .doesNotContain("ordering cycle");
        lab.shell("rm /etc/systemd/system/redis-server.service.d/loop.conf; systemctl daemon-reload")
                .ok();
        site.awaitDropIn(loop);
        site.hand();
    }
}
