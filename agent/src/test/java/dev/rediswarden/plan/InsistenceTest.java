package dev.rediswarden.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.plan.Insistence.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twice in 24 hours, and then not until somebody has decided. */
class InsistenceTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void twiceAtOnceAndThenNoMore() {
        Insistence once = Insistence.on("1").begun(NOW).ended(true);
        Insistence twice = once.begun(NOW.plusSeconds(1)).ended(true);

        assertThat(Insistence.on("1").decide(NOW)).isEqualTo(Decision.MAKE);
        assertThat(once.decide(NOW.plusSeconds(1))).isEqualTo(Decision.MAKE);
        assertThat(twice.decide(NOW.plusSeconds(2))).isEqualTo(Decision.GIVE_UP);
    }

    @Test
    void aDayLaterItIsAnotherMatter() {
        Insistence twice = new Insistence("1", List.of(NOW, NOW.plus(Duration.ofHours(12))), false, false);

        assertThat(twice.at(NOW.plus(Duration.ofHours(23))).decide(NOW)).isEqualTo(Decision.GIVE_UP);
        assertThat(twice.at(NOW.plus(Duration.ofHours(24))).decide(NOW.plus(Duration.ofHours(24))))
                .isEqualTo(Decision.MAKE);
    }

    @Test
    void whatWasGivenUpStaysSoHoweverLongAgo() {
        Insistence givenUp = new Insistence("1", List.of(NOW), false, false).givenUp();

        assertThat(givenUp.at(NOW.plus(Duration.ofDays(90))).decide(NOW.plus(Duration.ofDays(90))))
                .isEqualTo(Decision.GIVE_UP);
    }

    @Test
    void whatFailedOrWasKilledWaitsFiveMinutes() {
        Insistence killed = Insistence.on("1").begun(NOW);

        assertThat(killed.decide(NOW.plusSeconds(299))).isEqualTo(Decision.WAIT);
        assertThat(killed.decide(NOW.plusSeconds(300))).isEqualTo(Decision.MAKE);
        assertThat(killed.ended(true).decide(NOW)).isEqualTo(Decision.MAKE);
    }

    /** Neither a fight without an end, nor one setting that is never touched again. */
    @Test
    void aClockThatWasSetBackCountsWhatIsNear() {
        Insistence twice = new Insistence("1", List.of(NOW, NOW), false, false);

        assertThat(twice.at(NOW.minus(Duration.ofHours(1))).decide(NOW)).isEqualTo(Decision.GIVE_UP);
        assertThat(twice.at(NOW.minus(Duration.ofDays(300))).decide(NOW)).isEqualTo(Decision.MAKE);
    }
}
