package dev.rediswarden.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrowthWindowTest {

    private final GrowthWindow window = new GrowthWindow(Duration.ofMinutes(10));

    @Test
    void whatWasThereAtTheFirstLookHasNotGrown() {
        assertThat(observe("a", 7, 0)).isEqualTo(Growth.NONE);
        assertThat(observe("a", 7, 10)).isEqualTo(Growth.NONE);
    }

    @Test
    void stepsAddUpAndLeaveTheWindow() {
        observe("a", 7, 0);
        assertThat(observe("a", 8, 10).of("rejected")).isEqualTo(1);
        assertThat(observe("a", 12, 20).of("rejected")).isEqualTo(5);
        assertThat(observe("a", 12, 609).of("rejected")).isEqualTo(5);
        assertThat(observe("a", 12, 610).of("rejected")).isEqualTo(4);
        assertThat(observe("a", 12, 620)).isEqualTo(Growth.NONE);
    }

    @Test
    void aCounterThatWasResetHasGrownByWhatItHolds() {
        observe("a", 7, 0);
        assertThat(observe("a", 2, 10).of("rejected")).isEqualTo(2);
    }

    @Test
    void anotherStartOfTheServerBeginsAnew() {
        observe("a", 7, 0);
        observe("a", 9, 10);
        assertThat(observe("b", 500, 20)).isEqualTo(Growth.NONE);
        assertThat(observe("b", 501, 30).of("rejected")).isEqualTo(1);
    }

    @Test
    void aCounterThatIsNotToldForAWhileKeepsItsPlace() {
        observe("a", 7, 0);
        assertThat(window.observe("a", Map.of("other", 3L), 1)).isEqualTo(Growth.NONE);
        assertThat(observe("a", 8, 10).of("rejected")).isEqualTo(1);
        assertThat(observe("a", 8, 20).of("other")).isZero();
    }

    private Growth observe(String run, long count, long second) {
        return window.observe(
                run, Map.of("rejected", count), Duration.ofSeconds(second).toNanos());
    }
}
