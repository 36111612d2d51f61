package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimingsTest {

    private final Timings timings = new Timings();

    @Test
    void fewAnswersHaveNoP99() {
        add(100, 1);
        assertThat(timings.p99()).isEmpty();
        add(1, 1);
        assertThat(timings.p99()).contains(Duration.ofMillis(1));
    }

    @Test
    void oneSlowAnswerIsNotTheP99AndTwoAre() {
        add(119, 1);
        add(1, 500);
        assertThat(timings.p99()).contains(Duration.ofMillis(1));
        add(1, 400);
        assertThat(timings.p99()).contains(Duration.ofMillis(400));
    }

    @Test
    void whatIsLongAgoIsForgotten() {
        add(120, 500);
        add(1_000, 1);
        assertThat(timings.p99()).contains(Duration.ofMillis(1));
    }

    private void add(int answers, long millis) {
        for (int i = 0; i < answers; i++) {
            timings.add(Duration.ofMillis(millis));
        }
    }
}
