package dev.rediswarden.check;

import static dev.rediswarden.snapshot.GivenSwarm.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSwarm;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Snapshot;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LimitsCheckTest {

    private static final String HALF = String.valueOf(512L << 20);

    @Test
    void aLimitWithRoomForAForkIsOk() {
        Verdict verdict = verdict(GivenSwarm.given(GivenSwarm.healthy()).withInfo("maxmemory", HALF));

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.detail()).startsWith("limited to 2.0 GiB, of which Redis may take 672");
    }

    @Test
    void aLimitThatAForkMayReachIsRaised() {
        Verdict verdict = verdict(GivenSwarm.given(with("memoryLimit", OptionalLong.of(600L << 20)))
                .withInfo("maxmemory", HALF));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.remedy()).contains("docker service update --limit-memory 672M app_redis");
    }

    /** What the last fork copied counts, where it was more than is usual. */
    @Test
    void whatTheLastForkCopiedCounts() {
        Given given = GivenSwarm.given(with("memoryLimit", OptionalLong.of(700L << 20)))
                .withInfo("maxmemory", HALF);

        assertThat(verdict(given).status()).isEqualTo(Status.OK);
        assertThat(verdict(given.withInfo("aof_last_cow_size", String.valueOf(400L << 20)))
                        .remedy())
                .contains("docker service update --limit-memory 944M app_redis");
    }

    @Test
    void noLimitAndNoReservationAreTwoFindings() {
        Verdict verdict = verdict(
                GivenSwarm.given(with("memoryLimit", OptionalLong.empty(), "memoryReserved", OptionalLong.empty()))
                        .withInfo("maxmemory", HALF));

        assertThat(verdict.findings())
                .extracting(Finding::remedy)
                .containsExactly(
                        "docker service update --limit-memory 672M app_redis",
                        "docker service update --reserve-memory 256M app_redis");
    }

    @Test
    void aRedisWithoutABoundReachesItsLimit() {
        Verdict verdict = verdict(GivenSwarm.given(GivenSwarm.healthy()).withInfo("maxmemory", "0"));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail()).contains("the kernel kills it at that limit");
        assertThat(verdict.remedy().orElseThrow()).contains("CONFIG SET maxmemory ");
    }

    @Test
    void aRedisThatIsSilentLeavesIt() {
        assertThat(verdict(GivenSwarm.given(GivenSwarm.healthy()).with(Given.ping(Outcome.REFUSED, "refused")))
                        .status())
                .isEqualTo(Status.UNKNOWN);
    }

    @Test
    void numbersWithoutMeasureBreakNothing() {
        for (String number : new String[] {"9223372036854775807", "-1", "x"}) {
            Verdict verdict = verdict(GivenSwarm.given(GivenSwarm.healthy())
                    .withInfo("maxmemory", number)
                    .withInfo("used_memory", number)
                    .withInfo("rdb_last_cow_size", number));
            assertThat(verdict.status()).isNotIn(Status.OK, Status.OFF);
        }
    }

    private static Verdict verdict(Given given) {
        Snapshot snapshot = given.snapshot("main");
        return new LimitsCheck().examine(snapshot.instances().get(0), snapshot);
    }
}
