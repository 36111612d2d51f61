package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.BootSettings;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose settings are put right by themselves, and when they are not. */
class EnforcementTest {

    private static final Given UNBOUNDED = Given.healthy()
            .withInfo("total_system_memory", "4000000000")
            .withConfig("maxmemory", "0")
            .with(Given.kernel(0, "madvise", "tsc", 4096));

    private static final Given ENFORCED = UNBOUNDED.with(Given.ENFORCED);

    @Test
    void nobodyAskedIsNothingToDo() {
        assertThat(RedisPlanner.plan(snapshot(UNBOUNDED)).actions()).isNotEmpty();

        assertThat(Enforcement.plan(snapshot(UNBOUNDED)).actions()).isEmpty();
        assertThat(Enforcement.plan(snapshot(UNBOUNDED)).left()).isEmpty();
    }

    @Test
    void itIsWhatAPersonsApplyWouldDo() {
        assertThat(Enforcement.plan(snapshot(ENFORCED)).actions())
                .containsExactlyElementsOf(RedisPlanner.plan(snapshot(ENFORCED))
                        .and(KernelPlanner.plan(snapshot(ENFORCED), nothingAtBoot()))
                        .actions())
                .hasAtLeastOneElementOfType(Action.Configure.class)
                .hasAtLeastOneElementOfType(Action.SetKernel.class);
    }

    @Test
    void ofTwoServersTheOtherOneIsLeft() {
        Snapshot both = snapshot(ENFORCED);
        Snapshot other = UNBOUNDED.snapshot("other");
        Snapshot all =
                both.of(List.of(other.instances().get(0), both.instances().get(0)));

        assertThat(Enforcement.plan(all).actions())
                .filteredOn(Action.Configure.class::isInstance)
                .isNotEmpty()
                .allSatisfy(action ->
                        assertThat(((Action.Configure) action).instance()).isEqualTo("main"));
    }

    @ParameterizedTest
    @CsvSource({
        "rdb_bgsave_in_progress, 1",
        "aof_rewrite_in_progress, 1",
        "aof_rewrite_scheduled, 1",
        "rdb_last_bgsave_status, err",
        "aof_last_write_status, err",
        "aof_last_bgrewrite_status, err",
    })
    void whoIsAtWorkOrInTroubleIsLeftUntilThatIsOver(String field, String value) {
        Plan plan = Enforcement.plan(snapshot(ENFORCED.withInfo(field, value)));

        assertThat(plan.actions()).noneMatch(Action.Configure.class::isInstance);
        assertThat(plan.left()).extracting(Left::kind).contains(Left.Kind.WAITING);
    }

    @ParameterizedTest
    @CsvSource({"loading, 1", "role, slave", "process_id, 9"})
    void whoLoadsOrFollowsOrIsAnotherIsLeft(String field, String value) {
        assertThat(Enforcement.plan(snapshot(ENFORCED.withInfo(field, value))).actions())
                .noneMatch(Action.Configure.class::isInstance);
    }

    @Test
    void whatIsNotKnownIsNotChanged() {
        assertThat(Enforcement.plan(snapshot(ENFORCED.withConfig(Given.<Map<String, String>>unknown())))
                        .actions())
                .isEmpty();
        assertThat(Enforcement.plan(snapshot(ENFORCED.withConfFile(Given.unknown())))
                        .actions())
                .noneMatch(Action.Configure.class::isInstance);
        assertThat(Enforcement.plan(ENFORCED.snapshot("main")).actions())
                .as("what a boot sets is not known")
                .noneMatch(Action.SetKernel.class::isInstance);
    }

    @Test
    void aPasswordIsNeverSet() {
        Policy secret = new Policy(
                Policy.VPS.role(),
                Policy.VPS.bind(),
                true,
                Policy.VPS.maxmemory(),
                Policy.VPS.maxmemoryPolicy(),
                true,
                false,
                "everysec",
                Policy.VPS.save(),
                Policy.VPS.queues(),
                Policy.VPS.visibilityTimeout(),
                Set.of(),
                Set.of("password"),
                Policy.VPS.limits(),
                true);
        Plan plan = Enforcement.plan(snapshot(ENFORCED.with(secret).withPasswordAsked(Reading.known(false))));

        assertThat(plan.actions()).noneMatch(action -> action.text().contains("requirepass"));
        assertThat(plan.left()).anyMatch(left -> left.command().contains("rotate-password"));
    }

    private static BootSettings nothingAtBoot() {
        return new BootSettings(Map.of(), Map.of());
    }

    private static Snapshot snapshot(Given given) {
        Snapshot read = given.snapshot("main");
        return new Snapshot(
                read.takenAt(),
                read.kernel(),
                Reading.known(nothingAtBoot()),
                read.listeners(),
                read.siteUnits(),
                read.stewardship(),
                read.instances());
    }
}
