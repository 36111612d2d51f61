package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DropIn;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.WayBack;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OrderingCheckTest {

    private static final String REDIS = "redis-server.service";
    private static final OrderRule RULE = new OrderRule("*celery*.service", "", true, true, "main");
    private static final String FILE = "/etc/systemd/system/celery.service";

    @Test
    void unitsThatAreOrderedAreCounted() {
        Verdict verdict = judge(Reading.known(
                new SiteUnits(List.of(unit(List.of(REDIS), List.of(REDIS), List.of(), false)), List.of())));

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.detail()).isEqualTo("1 unit knows that it needs redis-server.service");
    }

    @Test
    void whatIsMissingInTheLoadedGraphIsNamed() {
        Verdict verdict =
                judge(Reading.known(new SiteUnits(List.of(unit(List.of(), List.of(), List.of(), false)), List.of())));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail())
                .contains("celery.service lacks After=redis-server.service and Wants=redis-server.service");
        assertThat(verdict.remedy()).hasValue("sudo redis-warden apply --units");
    }

    @Test
    void whatCouldNotBeDoneAboutItIsEvidence() {
        SiteUnits site = new SiteUnits(List.of(unit(List.of(), List.of(), List.of(), false)), List.of());
        Verdict failed = judge(site, Map.of(), Map.of("celery.service", "order celery.service: No space left"));
        Verdict left = judge(site, Map.of("celery.service", "systemd did not take it"), Map.of());
        Verdict done = judge(site, Map.of(), Map.of("other.service", "order other.service: No space left"));

        assertThat(failed.detail())
                .contains("in what systemd has loaded; redis-warden tried, and failed: order celery.service: No space"
                        + " left");
        assertThat(failed.remedy()).hasValue("systemd-analyze verify celery.service; sudo redis-warden apply --units");
        assertThat(left.detail()).contains("redis-warden leaves celery.service, because systemd did not take it");
        assertThat(done.detail()).doesNotContain("No space left");
    }

    @Test
    void aDropInThatCouldNotBeTakenAwayIsTold() {
        DropIn orphan = new DropIn("shop.service", "x", "y", true);
        SiteUnits site = new SiteUnits(List.of(), List.of(orphan));

        assertThat(judge(site, Map.of(), Map.of("shop.service", "no longer order shop.service: Read-only file system"))
                        .detail())
                .contains("a rule that is gone; redis-warden tried, and failed: no longer order");
        assertThat(judge(site, Map.of(), Map.of()).status()).isEqualTo(Status.OK);
    }

    @Test
    void aDropInThatSystemdHasNotReadNeedsAReload() {
        DropIn written = new DropIn("celery.service", "x", "y", true);
        Verdict verdict = judge(
                Reading.known(new SiteUnits(List.of(unit(List.of(), List.of(), List.of(), true)), List.of(written))));

        assertThat(verdict.remedy()).hasValue("sudo systemctl daemon-reload");
    }

    @Test
    void aCycleIsToldWithTheWayBackInsteadOfACommandThatLeavesIt() {
        WayBack way = new WayBack(List.of(REDIS, "celery.service"));
        Verdict verdict = judge(Reading.known(new SiteUnits(
                List.of(unit(List.of(), List.of(), List.of(), true)),
                List.of(new DropIn("celery.service", "x", "y", true)),
                Map.of("celery.service", way))));

        assertThat(verdict.findings()).hasSize(1);
        assertThat(verdict.detail()).contains("would make a cycle: redis-server.service After=celery.service");
        assertThat(verdict.remedy().orElseThrow()).startsWith("systemctl cat 'redis-server.service'");
    }

    @Test
    void aUnitThatStopsWithRedisIsReportedWithTheBetterLine() {
        Verdict verdict = judge(Reading.known(
                new SiteUnits(List.of(unit(List.of(REDIS), List.of(), List.of(REDIS), false)), List.of())));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.remedy().orElseThrow()).contains("Wants=").contains(FILE);
    }

    @Test
    void aPackagesFilesAreCopiedBeforeTheyAreEdited() {
        SiteUnit packaged = new SiteUnit(
                "celery.service",
                RULE,
                "/lib/systemd/system/celery.service",
                "loaded",
                "active",
                List.of(REDIS),
                List.of(),
                List.of(REDIS),
                List.of(
                        "/usr/lib/systemd/system/celery.service.d/x.conf",
                        "/etc/systemd/system/celery.service.d/y.conf"),
                false);

        assertThat(judge(Reading.known(new SiteUnits(List.of(packaged), List.of())))
                        .remedy()
                        .orElseThrow())
                .startsWith("sudo cp -n /lib/systemd/system/celery.service /etc/systemd/system/celery.service;"
                        + " sudo mkdir -p /etc/systemd/system/celery.service.d;"
                        + " sudo cp -n /usr/lib/systemd/system/celery.service.d/x.conf"
                        + " /etc/systemd/system/celery.service.d/x.conf; sudo sed -i ")
                .endsWith(" /etc/systemd/system/celery.service /etc/systemd/system/celery.service.d/x.conf"
                        + " /etc/systemd/system/celery.service.d/y.conf && sudo systemctl daemon-reload");
    }

    @Test
    void whatIsOfAnotherInstanceOrMaskedIsNotJudged() {
        OrderRule other = new OrderRule("*", "", true, true, "cache");
        SiteUnit elsewhere = new SiteUnit(
                "a.service", other, FILE, "loaded", "active", List.of(), List.of(), List.of(), List.of(), false);
        SiteUnit masked = new SiteUnit(
                "b.service", RULE, FILE, "masked", "active", List.of(), List.of(), List.of(), List.of(), false);

        assertThat(judge(Reading.known(new SiteUnits(List.of(elsewhere, masked), List.of())))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void withoutSystemdItIsNotKnown() {
        assertThat(judge(Given.unknown()).status()).isEqualTo(Status.UNKNOWN);
    }

    private static SiteUnit unit(
            List<String> after, List<String> wants, List<String> requires, boolean needDaemonReload) {
        return new SiteUnit(
                "celery.service", RULE, FILE, "loaded", "active", after, wants, requires, List.of(), needDaemonReload);
    }

    private static Verdict judge(SiteUnits site, Map<String, String> left, Map<String, String> failed) {
        return judge(Reading.known(site), new Stewardship(Optional.empty(), Map.of(), left, failed, Map.of()));
    }

    private static Verdict judge(Reading<SiteUnits> site) {
        return judge(site, Stewardship.NONE);
    }

    private static Verdict judge(Reading<SiteUnits> site, Stewardship steward) {
        Snapshot now = Given.healthy().snapshot("main");
        Snapshot then = new Snapshot(
                now.takenAt(), now.kernel(), now.listeners(), site, Reading.known(steward), now.instances());
        return new OrderingCheck().examine(then.instances().get(0), then);
    }
}
