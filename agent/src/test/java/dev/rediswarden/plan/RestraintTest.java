package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Snapshot;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What of a plan is carried out now, and what is left with its reason. */
class RestraintTest {

    private static final String REDIS = "redis-server.service";
    private static final Action.Start START = new Action.Start(REDIS, "signal");
    private static final Plan AGAIN = new Plan(List.of(START), List.of());

    /** After the unit was last active, which Given has at 1 s. */
    private static final long NOW = 5_000_000;

    private static final Snapshot FAILED = Given.healthy()
            .with(Given.unit("loaded", "enabled", "failed", "failed", "signal"))
            .snapshot("main");

    @Test
    void theFirstStartIsMadeAndCounted() {
        Restraint restraint = Restraint.of(AGAIN, FAILED, false, Map.of(), NOW);

        assertThat(restraint.plan()).isEqualTo(AGAIN);
        assertThat(restraint.budgets()).containsEntry(REDIS, new RestartBudget(List.of(NOW), 0));
    }

    @Test
    void theNextWaits() {
        Restraint restraint =
                Restraint.of(AGAIN, FAILED, false, Map.of(REDIS, new RestartBudget(List.of(NOW - 1), 0)), NOW);

        assertThat(restraint.plan().actions()).isEmpty();
        assertThat(restraint.plan().left()).extracting(Left::kind).containsExactly(Left.Kind.WAITING);
    }

    @Test
    void afterThreeItIsGivenUpUntilAPersonAsks() {
        Map<String, RestartBudget> spent = Map.of(REDIS, new RestartBudget(List.of(NOW - 3, NOW - 2, NOW - 1), 0));
        Restraint restraint = Restraint.of(AGAIN, FAILED, false, spent, NOW);

        assertThat(restraint.plan().left()).singleElement().satisfies(left -> {
            assertThat(left.kind()).isEqualTo(Left.Kind.GAVE_UP);
            assertThat(left.reason()).startsWith("gave up, because it was started 3 times");
        });
        Restraint asked = Restraint.of(AGAIN, FAILED, true, restraint.budgets(), NOW);
        assertThat(asked.plan()).isEqualTo(AGAIN);
        assertThat(asked.budgets()).isEmpty();
    }

    @Test
    void whatAPersonAsksForIsNotCounted() {
        Plan stopped = new Plan(List.of(new Action.Start(REDIS, ""), new Action.Enable(REDIS)), List.of());

        assertThat(Restraint.of(stopped, FAILED, true, Map.of(), NOW)).isEqualTo(new Restraint(stopped, Map.of()));
    }
}
