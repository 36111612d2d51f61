package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Action.Configure;
import dev.rediswarden.plan.Action.SetKernel;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.snapshot.Contested;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A tug of war that redis-warden lets the other side win. */
class ContestTest {

    private static final String REDIS = "redis-server.service";
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Configure BOUND = new Configure("main", REDIS, "maxmemory", "0", "536870912", "536870912");
    private static final Configure SAVE = new Configure("main", REDIS, "save", "", "", "900 1");
    private static final SetKernel KERNEL = new SetKernel(
            KernelText.SYSCTL, "", "text", List.of(new SetKernel.Live("/proc/sys/vm/overcommit_memory", "0", "1")));

    @Test
    void theThirdTimeItIsLeftWithItsReasonAndTheRestIsDone() {
        Map<String, Insistence> remembered = Map.of();
        for (int i = 0; i < 2; i++) {
            Contest contest = Contest.of(plan(BOUND), remembered, NOW.plusSeconds(i));
            assertThat(contest.plan()).isEqualTo(plan(BOUND));
            assertThat(contest.contested()).isEmpty();
            remembered = contest.after(List.of(new Outcome(BOUND, Result.DONE, "seen")));
        }

        Contest third = Contest.of(plan(BOUND, SAVE), remembered, NOW.plusSeconds(3));

        assertThat(third.plan().actions()).containsExactly(SAVE);
        assertThat(third.plan().left()).singleElement().satisfies(left -> {
            assertThat(left.kind()).isEqualTo(Left.Kind.GAVE_UP);
            assertThat(left.reason())
                    .isEqualTo("gave up, because maxmemory was set to '536870912' 2 times within 24 hours and is '0'"
                            + " again");
        });
        assertThat(third.contested()).containsExactly(new Contested("main", "maxmemory", "0", "536870912", 2));
        assertThat(Contest.isGivenUp(BOUND, third.contested())).isTrue();
        assertThat(Contest.isGivenUp(SAVE, third.contested())).isFalse();
        assertThat(Contest.of(plan(BOUND), third.insistences(), NOW.plusSeconds(86_400L * 30))
                        .plan()
                        .actions())
                .as("a month later")
                .isEmpty();
    }

    @Test
    void anotherWishBeginsAnew() {
        Insistence givenUp = new Insistence("536870912", List.of(NOW, NOW), false, true);
        Configure other = new Configure("main", REDIS, "maxmemory", "0", "0", "1073741824");

        Contest contest = Contest.of(plan(other), Map.of("main/maxmemory", givenUp), NOW);

        assertThat(contest.plan().actions()).containsExactly(other);
        assertThat(contest.insistences().get("main/maxmemory"))
                .isEqualTo(new Insistence("1073741824", List.of(NOW), true, false));
    }

    @Test
    void whatDidNotComeToItsEndWaits() {
        Map<String, Insistence> killed = Contest.of(plan(BOUND), Map.of(), NOW).insistences();

        Contest next = Contest.of(plan(BOUND), killed, NOW.plusSeconds(1));

        assertThat(next.plan().actions()).isEmpty();
        assertThat(next.plan().left()).extracting(Left::kind).containsExactly(Left.Kind.WAITING);
        assertThat(next.insistences()).isEqualTo(killed);
        assertThat(Contest.isGivenUp(BOUND, next.contested())).isFalse();
    }

    @Test
    void theKernelIsNotFoughtForEither() {
        Map<String, Insistence> twice =
                Map.of("/kernel" + KernelText.SYSCTL, new Insistence("text", List.of(NOW, NOW), false, false));

        Contest contest = Contest.of(plan(KERNEL), twice, NOW);

        assertThat(contest.plan().actions()).isEmpty();
        assertThat(contest.contested())
                .containsExactly(new Contested(Contested.KERNEL, "/proc/sys/vm/overcommit_memory", "0", "1", 2));
    }

    @Test
    void aFileThatAloneIsOtherwiseIsToldByWhatItSays() {
        Configure keep = new Configure("main", REDIS, "maxmemory", "7", "0", "7");
        Insistence twice = new Insistence("7", List.of(NOW, NOW), false, false);

        assertThat(Contest.of(plan(keep), Map.of("main/maxmemory", twice), NOW).contested())
                .containsExactly(new Contested("main", "maxmemory", "0", "7", 2));
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        Insistence old = new Insistence("1", List.of(NOW.minusSeconds(100_000)), false, false);

        assertThat(Contest.of(plan(), Map.of("main/maxmemory", old), NOW).insistences())
                .isEmpty();
    }

    private static Plan plan(Action... actions) {
        return new Plan(List.of(actions), List.of());
    }
}
