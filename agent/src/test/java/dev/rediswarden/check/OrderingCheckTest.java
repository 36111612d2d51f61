package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DropIn;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import java.util.List;
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
        assertThat(verdict.remedy()).hasValue("sudo redis-warden apply");
    }

    @Test
    void aDropInThatSystemdHasNotReadNeedsAReload() {
        DropIn written = new DropIn("celery.service", "x", "y", true);
        Verdict verdict = judge(
                Reading.known(new SiteUnits(List.of(unit(List.of(), List.of(), List.of(), true)), List.of(written))));

        assertThat(verdict.remedy()).hasValue("sudo systemctl daemon-reload");
    }

    @Test
    void aUnitThatStopsWithRedisIsReportedWithTheBetterLine() {
        Verdict verdict = judge(Reading.known(
                new SiteUnits(List.of(unit(List.of(REDIS), List.of(), List.of(REDIS), false)), List.of())));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.remedy().orElseThrow()).contains("Wants=").contains(FILE);
    }

    @Test
    void whatIsOfAnotherInstanceOrMaskedIsNotJudged() {
        OrderRule other = new OrderRule("*", "", true, true, "cache");
        SiteUnit elsewhere =
                new SiteUnit("a.service", other, FILE, "loaded", List.of(), List.of(), List.of(), List.of(), false);
        SiteUnit masked =
                new SiteUnit("b.service", RULE, FILE, "masked", List.of(), List.of(), List.of(), List.of(), false);

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
                "celery.service", RULE, FILE, "loaded", after, wants, requires, List.of(), needDaemonReload);
    }

    private static Verdict judge(Reading<SiteUnits> site) {
        Snapshot now = Given.healthy().snapshot("main");
        Snapshot then =
                new Snapshot(now.takenAt(), now.kernel(), now.listeners(), site, now.stewardship(), now.instances());
        return new OrderingCheck().examine(then.instances().get(0), then);
    }
}
