package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DropIn;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What of a plan is carried out now, and what is left with its reason. */
class RestraintTest {

    private static final String REDIS = "redis-server.service";
    private static final Action.Start START = new Action.Start(REDIS, "signal");
    private static final String CELERY = "celery.service";
    private static final Action.WriteDropIn WRITE = new Action.WriteDropIn(CELERY, "path", "", "text");
    private static final OrderRule RULE = new OrderRule("celery*.service", "", true, true, "main");
    private static final OrderRule WIDER = new OrderRule("*celery*.service", "", true, true, "main");
    private static final Plan AGAIN = new Plan(List.of(START), List.of());

    /** After the unit was last active, which Given has at 1 s. */
    private static final long NOW = 5_000_000;

    private static final Snapshot FAILED = Given.healthy()
            .with(Given.unit("loaded", "enabled", "failed", "failed", "signal"))
            .snapshot("main");

    @Test
    void theFirstStartIsMadeAndCounted() {
        Restraint restraint = Restraint.of(AGAIN, FAILED, false, Map.of(), Set.of(), NOW);

        assertThat(restraint.plan()).isEqualTo(AGAIN);
        assertThat(restraint.budgets()).containsEntry(REDIS, new RestartBudget(List.of(NOW), 0));
    }

    @Test
    void theNextWaits() {
        Restraint restraint = Restraint.of(
                AGAIN, FAILED, false, Map.of(REDIS, new RestartBudget(List.of(NOW - 1), 0)), Set.of(), NOW);

        assertThat(restraint.plan().actions()).isEmpty();
        assertThat(restraint.plan().left()).extracting(Left::kind).containsExactly(Left.Kind.WAITING);
    }

    @Test
    void afterThreeItIsGivenUpUntilAPersonAsks() {
        Map<String, RestartBudget> spent = Map.of(REDIS, new RestartBudget(List.of(NOW - 3, NOW - 2, NOW - 1), 0));
        Restraint restraint = Restraint.of(AGAIN, FAILED, false, spent, Set.of(), NOW);

        assertThat(restraint.plan().left()).singleElement().satisfies(left -> {
            assertThat(left.kind()).isEqualTo(Left.Kind.GAVE_UP);
            assertThat(left.reason()).startsWith("gave up, because it was started 3 times");
        });
        Restraint asked = Restraint.of(AGAIN, FAILED, true, restraint.budgets(), Set.of(), NOW);
        assertThat(asked.plan()).isEqualTo(AGAIN);
        assertThat(asked.budgets()).isEmpty();
    }

    @Test
    void whatAPersonAsksForIsNotCounted() {
        Plan stopped = new Plan(List.of(new Action.Start(REDIS, ""), new Action.Enable(REDIS)), List.of());

        assertThat(Restraint.of(stopped, FAILED, true, Map.of(), Set.of(), NOW))
                .isEqualTo(new Restraint(stopped, Map.of(), Set.of()));
    }

    @Test
    void whatSystemdDidNotTakeIsLeftWithItsReason() {
        Snapshot site = site(RULE);
        Restraint restraint = refused(site, Refusal.of(WRITE, site), false);

        assertThat(restraint.plan().actions()).isEmpty();
        assertThat(restraint.plan().left()).singleElement().satisfies(left -> {
            assertThat(left.reason()).startsWith("systemd did not take its drop-in");
            assertThat(left.command()).contains("sudo redis-warden apply --units");
        });
        assertThat(restraint.refusals()).containsExactly(Refusal.of(WRITE, site));
    }

    @Test
    void aPersonTriesItAnew() {
        Snapshot site = site(RULE);
        Restraint restraint = refused(site, Refusal.of(WRITE, site), true);

        assertThat(restraint.plan().actions()).containsExactly(WRITE);
        assertThat(restraint.refusals()).isEmpty();
    }

    @Test
    void anotherRuleAnotherTextOrAnotherUnitIsNotWhatWasRefused() {
        Snapshot site = site(RULE);
        Action.WriteDropIn other = new Action.WriteDropIn(CELERY, "path", "", "other");

        assertThat(refused(site, Refusal.of(other, site), false).plan().actions())
                .containsExactly(WRITE);
        assertThat(refused(site, Refusal.of(WRITE, site(WIDER)), false).plan().actions())
                .containsExactly(WRITE);
        assertThat(refused(site, new Refusal("gone.service", "x"), false).refusals())
                .isEmpty();
    }

    @Test
    void whatWasRefusedIsForgottenOnceSomethingElseIsTried() {
        Snapshot site = site(RULE);

        assertThat(refused(site, Refusal.of(WRITE, site(WIDER)), false).refusals())
                .isEmpty();
    }

    @Test
    void aRemovalThatHadNoEffectIsRememberedToo() {
        Snapshot site = site(RULE, new DropIn("orphan.service", "path", "text", true));
        Action remove = new Action.RemoveDropIn("orphan.service", "path", "text");
        Restraint restraint = Restraint.of(
                new Plan(List.of(remove), List.of()), site, false, Map.of(), Set.of(Refusal.of(remove, site)), NOW);

        assertThat(restraint.plan().actions()).isEmpty();
        assertThat(restraint.plan().left()).extracting(Left::unit).containsExactly("orphan.service");
    }

    private static Restraint refused(Snapshot site, Refusal refusal, boolean asked) {
        return Restraint.of(new Plan(List.of(WRITE), List.of()), site, asked, Map.of(), Set.of(refusal), NOW);
    }

    private static Snapshot site(OrderRule rule, DropIn... files) {
        SiteUnit unit =
                new SiteUnit(CELERY, rule, "", "loaded", "active", List.of(), List.of(), List.of(), List.of(), false);
        return new Snapshot(
                FAILED.takenAt(),
                FAILED.listeners(),
                Reading.known(new SiteUnits(List.of(unit), List.of(files))),
                FAILED.stewardship(),
                FAILED.instances());
    }
}
