package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Forecast;
import dev.rediswarden.snapshot.Forecast.Trend;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What runs out within a day is told, with the time that is left. */
class ForecastCheckTest {

    private static final Optional<Trend> NEVER = Optional.empty();

    @Test
    void memoryThatIsFullWithinADayIsDegraded() {
        Verdict verdict = verdict(forecast(in(Duration.ofMinutes(425)), NEVER));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail())
                .isEqualTo("used_memory reaches maxmemory in about 7 h at the present rate, 12.0 MiB an hour over the"
                        + " last 20 h: then keys are evicted, or writes refused");
        assertThat(verdict.remedy().orElseThrow()).contains(" --memkeys");
    }

    @Test
    void aDiskThatIsFullWithinADayIsDegraded() {
        Verdict verdict = verdict(forecast(NEVER, in(Duration.ofMinutes(50))));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail()).startsWith("the disk of /var/lib/redis is full in about 50 min at");
        assertThat(verdict.remedy().orElseThrow()).startsWith("df -h /var/lib/redis; ");
    }

    @Test
    void whatIsFurtherAwayIsOkAndTold() {
        Verdict verdict = verdict(forecast(in(Duration.ofHours(24)), in(Duration.ofDays(9))));

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.detail())
                .isEqualTo(
                        "used_memory reaches maxmemory in about 24 h, 12.0 MiB an hour over the last 20 h; the disk is"
                                + " full in about 9 d, 12.0 MiB an hour over the last 20 h");
    }

    @Test
    void aCacheThatMayEvictEveryKeyMayBeFull() {
        Given full = healthy()
                .withInfo("maxmemory_policy", "allkeys-lru")
                .withForecast(forecast(in(Duration.ofHours(1)), NEVER));

        assertThat(verdict(full).status()).isEqualTo(Status.OK);
    }

    @Test
    void withoutAHistoryItIsOff() {
        assertThat(verdict(healthy()).status()).isEqualTo(Status.OFF);
        assertThat(verdict(Reading.known(Forecast.NONE)).status()).isEqualTo(Status.OFF);
        assertThat(verdict(Reading.unknown(Reading.Cause.TIMEOUT, "it hangs")).status())
                .isEqualTo(Status.UNKNOWN);
        assertThat(verdict(forecast(NEVER, NEVER)).detail()).isEqualTo("neither memory nor disk is running out");
    }

    private static Optional<Trend> in(Duration left) {
        return Optional.of(new Trend(left, 12 << 20, Duration.ofHours(20)));
    }

    private static Reading<Forecast> forecast(Optional<Trend> memory, Optional<Trend> disk) {
        return Reading.known(new Forecast(true, memory, disk));
    }

    private static Verdict verdict(Reading<Forecast> forecast) {
        return verdict(healthy().withForecast(forecast));
    }

    private static Verdict verdict(Given given) {
        Snapshot snapshot = given.snapshot("main");
        return new ForecastCheck(ForecastCheck.DAY).examine(snapshot.instances().get(0), snapshot);
    }
}
