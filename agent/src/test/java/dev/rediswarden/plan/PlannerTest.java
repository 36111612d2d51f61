package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DropIn;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.snapshot.WayBack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is changed, and what is left alone. */
class PlannerTest {

    private static final String REDIS = "redis-server.service";
    private static final OrderRule CELERY = new OrderRule("*celery*.service", "", true, true, "main");
    private static final OrderRule GUNICORN = new OrderRule("*gunicorn*.service", "", false, true, "main");

    @Test
    void aHostThatIsAsWantedNeedsNothing() {
        SiteUnit ordered = site("celery.service", CELERY, List.of(REDIS), List.of(REDIS), List.of());

        assertThat(plan(healthy(), List.of(ordered), List.of())).isEqualTo(new Plan(List.of(), List.of()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit-code", "signal", "core-dump", "oom-kill", "timeout", "start-limit-hit"})
    void aFailedUnitIsStartedWhateverItsResult(String result) {
        UnitState failed = Given.unit("loaded", "enabled", "failed", "failed", result);

        assertThat(plan(failed, List.of(), List.of()).actions()).containsExactly(new Action.Start(REDIS, result));
    }

    @Test
    void whatAnAdministratorStoppedIsLeftUntilAPersonAsks() {
        UnitState stopped = Given.unit("loaded", "enabled", "inactive", "dead", "success");

        assertThat(plan(stopped, List.of(), List.of()).actions()).isEmpty();
        assertThat(plan(stopped, List.of(), List.of()).left())
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).contains("was stopped"));
        assertThat(asked(stopped).actions()).containsExactly(new Action.Start(REDIS, ""));
    }

    @Test
    void aStopThatEndedBadlyIsStillAStop() {
        UnitState failed = Given.unit("loaded", "enabled", "failed", "failed", "timeout");
        UnitState stopped = Given.copy(failed, "restart", "always", "mainPid", 0L);

        assertThat(plan(stopped, List.of(), List.of()).actions()).isEmpty();
        assertThat(asked(stopped).actions()).containsExactly(new Action.Start(REDIS, "timeout"));
    }

    @Test
    void whatAnAdministratorDisabledIsLeftUntilAPersonAsks() {
        UnitState disabled = Given.unit("loaded", "disabled", "active", "running", "success");

        assertThat(plan(disabled, List.of(), List.of()).actions()).isEmpty();
        assertThat(plan(disabled, List.of(), List.of()).left()).hasSize(1);
        assertThat(asked(disabled).actions()).containsExactly(new Action.Enable(REDIS));
    }

    @ParameterizedTest
    @CsvSource({
        "masked, masked, sudo systemctl unmask redis-server.service",
        "masked, masked-runtime, sudo systemctl unmask --runtime redis-server.service",
        "not-found, '', sudo apt install redis-server",
        "bad-setting, enabled, systemd-analyze verify redis-server.service"
    })
    void whatCannotBeStartedIsLeftWithTheCommand(String load, String file, String command) {
        Plan plan = asked(Given.unit(load, file, "inactive", "dead", "success"));

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left()).extracting(Left::command).containsExactly(command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "activating", "deactivating", "reloading"})
    void aUnitThatRunsOrIsAboutToIsNeverStarted(String state) {
        assertThat(asked(Given.unit("loaded", "enabled", state, "x", "success")).actions())
                .isEmpty();
    }

    @Test
    void aUnitWithoutOrderGetsADropInByItsRule() {
        Plan plan = plan(
                healthy(),
                List.of(
                        site("celery@.service", CELERY, List.of(), List.of(), List.of()),
                        site("gunicorn.service", GUNICORN, List.of(), List.of(), List.of())),
                List.of());

        assertThat(plan.actions())
                .extracting(action -> ((Action.WriteDropIn) action).path())
                .containsExactly(
                        "/etc/systemd/system/celery@.service.d/50-redis-warden.conf",
                        "/etc/systemd/system/gunicorn.service.d/50-redis-warden.conf");
        assertThat(((Action.WriteDropIn) plan.actions().get(0)).content())
                .startsWith(DropInText.MARK)
                .endsWith("[Unit]\nAfter=redis-server.service\nWants=redis-server.service\n");
        assertThat(((Action.WriteDropIn) plan.actions().get(1)).content())
                .endsWith("[Unit]\nWants=redis-server.service\n");
    }

    @Test
    void anOrderThatWouldMakeACycleIsLeftWithTheWayBack() {
        SiteUnit celery = site("celery.service", CELERY, List.of(), List.of(), List.of());
        WayBack way = new WayBack(List.of(REDIS, "shop.target", "celery.service"));
        SiteUnits site = new SiteUnits(List.of(celery), List.of(), Map.of("celery.service", way));

        Plan plan = plan(healthy(), site);

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left()).singleElement().satisfies(left -> {
            assertThat(left.reason()).contains("redis-server.service After=shop.target After=celery.service");
            assertThat(left.command()).startsWith("systemctl cat 'shop.target' 'celery.service' #");
        });
    }

    @Test
    void whatRequiresRedisIsPulledInAlready() {
        SiteUnit requiring = site("celery.service", CELERY, List.of(REDIS), List.of(), List.of(REDIS));

        assertThat(plan(healthy(), List.of(requiring), List.of()).isEmpty()).isTrue();
    }

    @Test
    void aDropInThatSaysSomethingElseIsWrittenAnewAndOneOfNoRuleGoes() {
        SiteUnit celery = site("celery.service", CELERY, List.of(REDIS), List.of(REDIS), List.of());
        DropIn old = ours("celery.service", DropInText.MARK + " of another day\n");
        DropIn orphan = ours("worker.service", DropInText.MARK + "\n");

        Plan plan = plan(healthy(), List.of(celery), List.of(old, orphan));

        assertThat(plan.actions()).hasSize(2);
        assertThat(plan.actions().get(0)).isInstanceOf(Action.WriteDropIn.class);
        assertThat(plan.actions().get(1))
                .isEqualTo(new Action.RemoveDropIn("worker.service", orphan.path(), orphan.text()));
    }

    @Test
    void whatAnAdministratorPutInItsPlaceStays() {
        SiteUnit celery = site("celery.service", CELERY, List.of(), List.of(), List.of());
        DropIn foreign = new DropIn("celery.service", DropInText.path("celery.service"), "", false);

        Plan plan = plan(healthy(), List.of(celery), List.of(foreign));

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left()).extracting(Left::unit).containsExactly("celery.service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil.service", "a b.service", "a\nb.service", ""})
    void aNameThatIsNoneIsRefused(String name) {
        SiteUnit hostile = site(name, CELERY, List.of(), List.of(), List.of());

        Plan plan = plan(healthy(), List.of(hostile), List.of());

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left()).hasSize(1);
    }

    @Test
    void aRuleThatNamesNearlyEverythingTouchesNothing() {
        List<SiteUnit> many = new ArrayList<>();
        IntStream.range(0, 10_000)
                .forEach(i -> many.add(site("celery" + i + ".service", CELERY, List.of(), List.of(), List.of())));

        Plan plan = plan(healthy(), many, List.of());

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.left())
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).contains("10000"));
    }

    @Test
    void whatIsNotKnownIsNotChanged() {
        Snapshot unknown =
                Given.healthy().withUnit(java.util.Optional.of(Given.unknown())).snapshot("main");

        assertThat(new Planner(true).plan(unknown)).isEqualTo(new Plan(List.of(), List.of()));
    }

    @Test
    void revertTakesAwayOursAlone() {
        DropIn ours = ours("celery.service", DropInText.MARK + "\n");
        DropIn foreign = new DropIn("x.service", DropInText.path("x.service"), "", false);

        assertThat(Planner.revert(new SiteUnits(List.of(), List.of(ours, foreign)))
                        .actions())
                .containsExactly(new Action.RemoveDropIn("celery.service", ours.path(), ours.text()));
    }

    private static UnitState healthy() {
        return Given.unit("loaded", "enabled", "active", "running", "success");
    }

    private static DropIn ours(String unit, String text) {
        return new DropIn(unit, DropInText.path(unit), text, true);
    }

    private static SiteUnit site(
            String name, OrderRule rule, List<String> after, List<String> wants, List<String> requires) {
        return new SiteUnit(name, rule, "", "loaded", "active", after, wants, requires, List.of(), false);
    }

    private static Plan asked(UnitState unit) {
        return new Planner(true).plan(Given.healthy().with(unit).snapshot("main"));
    }

    private static Plan plan(UnitState unit, List<SiteUnit> units, List<DropIn> dropIns) {
        return plan(unit, new SiteUnits(units, dropIns));
    }

    private static Plan plan(UnitState unit, SiteUnits site) {
        Snapshot now = Given.healthy().with(unit).snapshot("main");
        return new Planner(false)
                .plan(new Snapshot(
                        now.takenAt(), now.listeners(), Reading.known(site), now.stewardship(), now.instances()));
    }
}
