package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.RestartBudget.Decision;
import org.junit.jupiter.api.Test;

class RestartBudgetTest {

    private static final long SECOND = 1_000_000;

    @Test
    void pausesGrowAndTheThirdStartIsTheLast() {
        long now = 100 * SECOND;
        RestartBudget budget = RestartBudget.FULL;
        assertThat(budget.decide(now)).isEqualTo(Decision.START);

        budget = budget.started(now);
        assertThat(budget.decide(now + 19 * SECOND)).isEqualTo(Decision.WAIT);
        assertThat(budget.decide(now + 20 * SECOND)).isEqualTo(Decision.START);

        budget = budget.started(now + 20 * SECOND);
        assertThat(budget.decide(now + 99 * SECOND)).isEqualTo(Decision.WAIT);
        assertThat(budget.decide(now + 100 * SECOND)).isEqualTo(Decision.START);

        budget = budget.started(now + 100 * SECOND);
        assertThat(budget.left()).isZero();
        assertThat(budget.decide(now + 101 * SECOND)).isEqualTo(Decision.GIVE_UP);
    }

    @Test
    void whatWasGivenUpStaysSoUntilSomebodyStartsIt() {
        RestartBudget givenUp = RestartBudget.FULL.started(SECOND).givenUp(5 * SECOND);
        long muchLater = 100_000 * SECOND;

        assertThat(givenUp.at(muchLater, 4 * SECOND).decide(muchLater)).isEqualTo(Decision.GIVE_UP);
        assertThat(givenUp.at(muchLater, 6 * SECOND).decide(muchLater)).isEqualTo(Decision.START);
    }

    @Test
    void startsOlderThanTheWindowCountNoMore() {
        RestartBudget budget = RestartBudget.FULL.started(SECOND).started(30 * SECOND);

        assertThat(budget.at(602 * SECOND, 0).starts()).containsExactly(30 * SECOND);
        assertThat(budget.at(602 * SECOND, 0).left()).isEqualTo(2);
    }
}
