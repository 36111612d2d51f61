package dev.rediswarden.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LatencyTest {

    @ParameterizedTest
    @CsvSource({
        "310, 0.31 ms",
        "9994, 9.99 ms",
        "12000, 12.0 ms",
        "99940, 99.9 ms",
        "250400, 250 ms",
        "1589980, 1.59 s",
        "12345678, 12.35 s"
    })
    void itHasTheDigitsThatTellSomething(long micros, String text) {
        assertThat(Latency.text(Duration.ofNanos(micros * 1_000))).isEqualTo(text);
    }
}
