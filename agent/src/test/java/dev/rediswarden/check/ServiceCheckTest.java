package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.GivenSwarm.M1;
import static dev.rediswarden.snapshot.GivenSwarm.W2;
import static dev.rediswarden.snapshot.GivenSwarm.container;
import static dev.rediswarden.snapshot.GivenSwarm.node;
import static dev.rediswarden.snapshot.GivenSwarm.running;
import static dev.rediswarden.snapshot.GivenSwarm.task;
import static dev.rediswarden.snapshot.GivenSwarm.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSwarm;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmContainer;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmService.Update;
import dev.rediswarden.snapshot.SwarmTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ServiceCheckTest {

    private static final String NO_NODE = "no suitable node (scheduling constraints not satisfied on 3 nodes)";

    @Test
    void oneThatRunsIsOk() {
        Verdict verdict = verdict(GivenSwarm.healthy());

        assertThat(verdict.status()).isEqualTo(Status.OK);
        assertThat(verdict.detail()).isEqualTo("1 of 1 runs on w1 since 2026-01-02T00:04:05Z, healthy");
    }

    @Test
    void oneThatWasScaledToNothingIsUnhealthy() {
        Verdict verdict = verdict(with("replicas", OptionalLong.of(0), "tasks", List.of()));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.remedy()).contains("docker service scale app_redis=1");
    }

    @Test
    void twoOfThemUnderOneNameAreUnhealthy() {
        assertThat(verdict(with("replicas", OptionalLong.of(2))).remedy()).contains("docker service scale app_redis=1");
    }

    @Test
    void aConstraintThatNoNodeKeepsIsTakenAway() {
        Verdict verdict = verdict(with(
                "constraints", List.of("node.role==worker", "node.labels.disk==nvme"), "tasks", List.of(pending())));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.detail()).contains(NO_NODE, "node.labels.disk==nvme");
        assertThat(verdict.remedy()).contains("docker service update --constraint-rm node.labels.disk==nvme app_redis");
    }

    @Test
    void aNodeThatIsDrainedIsBroughtBack() {
        SwarmService drained = with(
                "nodes", Reading.known(List.of(M1, node("w1", "worker", "drain", "ready"), W2)),
                "tasks", List.of(pending()));

        assertThat(verdict(drained).detail()).contains("w1 is drain");
        assertThat(verdict(drained).remedy()).contains("docker node update --availability active w1");
    }

    @Test
    void aNodeThatIsDownIsNamed() {
        SwarmService down = with(
                "nodes", Reading.known(List.of(M1, node("w1", "worker", "active", "down"), W2)),
                "tasks", List.of(pending()));

        assertThat(verdict(down).detail()).contains("w1 is down");
        assertThat(verdict(down).remedy().orElseThrow()).endsWith("# the second on w1");
    }

    @Test
    void aReservationThatNoNodeHasIsMadeSmaller() {
        SwarmTask large = task("", "pending", "running", "no suitable node (insufficient resources on 1 node)", NOW);
        Verdict verdict = verdict(with("memoryReserved", OptionalLong.of(64L << 30), "tasks", List.of(large)));

        assertThat(verdict.remedy()).contains("docker service update --reserve-memory 2048M app_redis");
    }

    @Test
    void aHealthCheckThatFailedSinceAnUpdateIsRolledBack() {
        Update update = new Update("updating", "", NOW.minusSeconds(100), true);
        SwarmTask failed = failed("task: non-zero exit (137): dockerexec: unhealthy container", 30, 137);

        Verdict verdict = verdict(with("update", Optional.of(update), "tasks", List.of(starting(), failed)));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.detail()).contains("its health check failed").doesNotContain("SIGKILL");
        assertThat(verdict.remedy()).contains("docker service rollback app_redis");
    }

    /** Redis ends with 0 when it is told to: the Swarm calls that complete, and gives no reason. */
    @Test
    void oneThatItsHealthCheckHadStoppedIsToldSo() {
        SwarmTask complete = task("w1", "complete", "shutdown", "", NOW.minusSeconds(9))
                .with(Reading.known(new SwarmContainer("unhealthy", "NOAUTH", false, List.of())));

        assertThat(verdict(with("tasks", List.of(starting(), complete))).detail())
                .contains("its health check failed: NOAUTH");
    }

    @Test
    void whatFailedBeforeTheLastUpdateIsThePast() {
        Update update = new Update("completed", "", NOW.minusSeconds(10), true);
        SwarmTask failed = failed("task: non-zero exit (1)", 30, 1);

        assertThat(verdict(with("update", Optional.of(update), "tasks", List.of(running(), failed)))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void whatHadWorkedForLongIsNotRolledBack() {
        Update update = new Update("completed", "", NOW.minusSeconds(9_000), true);
        SwarmTask failed = failed("task: non-zero exit (1)", 30, 1);

        assertThat(verdict(with("update", Optional.of(update), "tasks", List.of(starting(), failed)))
                        .remedy()
                        .orElseThrow())
                .doesNotContain("rollback");
    }

    @Test
    void aKillAtTheLimitRaisesIt() {
        SwarmContainer killed = new SwarmContainer("", "", true, List.of());
        SwarmTask failed = failed("task: non-zero exit (137)", 30, 137).with(Reading.known(killed));

        Verdict verdict = verdict(with("tasks", List.of(running(), failed)));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail()).contains("killed by the kernel at its memory limit of 2.0 GiB");
        assertThat(verdict.remedy()).contains("docker service update --limit-memory 4096M app_redis");
    }

    @Test
    void aFailureIsForgottenInTime() {
        SwarmTask failed =
                failed("task: non-zero exit (1)", Duration.ofMinutes(11).toSeconds(), 1);

        assertThat(verdict(with("tasks", List.of(running(), failed))).status()).isEqualTo(Status.OK);
    }

    @Test
    void anImageThatIsNotThereIsPulled() {
        SwarmTask rejected = task("w1", "rejected", "shutdown", "No such image: redis:7.4-alpine", NOW.minusSeconds(9));

        assertThat(verdict(with("tasks", List.of(rejected))).remedy().orElseThrow())
                .isEqualTo("docker pull redis:7.4-alpine@sha256:aa && docker service update --force app_redis"
                        + " # the first on w1");
    }

    @Test
    void oneThatTheSwarmHasGivenUpIsRenewed() {
        SwarmTask long_ago =
                failed("task: non-zero exit (1)", Duration.ofHours(2).toSeconds(), 1);

        assertThat(verdict(with("tasks", List.of(long_ago))).status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict(with("tasks", List.of(long_ago))).remedy())
                .contains("docker service update --force app_redis");
    }

    @Test
    void oneOnItsWayIsDegraded() {
        assertThat(verdict(with("tasks", List.of(starting()))).status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void anotherImageThanIsWantedIsDegraded() {
        Verdict verdict = verdict(with("image", "redis:7.4-alpine@sha256:bb"));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail()).contains("sha256:aa", "sha256:bb");
    }

    @Test
    void aContainerThatNobodyLooksAfterIsDegraded() {
        Verdict verdict = verdict(with("tasks", List.of(running().with(Reading.known(container(""))))));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.remedy().orElseThrow()).startsWith("docker service update --health-cmd ");
    }

    @Test
    void aContainerThatIsUnhealthyIsSo() {
        assertThat(verdict(with("tasks", List.of(running().with(Reading.known(container("unhealthy"))))))
                        .status())
                .isEqualTo(Status.UNHEALTHY);
    }

    @Test
    void anUpdateThatStoppedHalfWayIsDegraded() {
        Update paused = new Update("paused", "update paused due to failure", NOW.minusSeconds(900), true);

        assertThat(verdict(with("update", Optional.of(paused))).remedy()).contains("docker service rollback app_redis");
    }

    private static SwarmTask pending() {
        return task("", "pending", "running", NO_NODE, NOW.minusSeconds(5));
    }

    private static SwarmTask starting() {
        return task("w1", "starting", "running", "", NOW.minusSeconds(2));
    }

    private static SwarmTask failed(String error, long secondsAgo, long exit) {
        SwarmTask failed = task("w1", "failed", "shutdown", error, NOW.minusSeconds(secondsAgo));
        return Given.copy(failed, "exit", OptionalLong.of(exit));
    }

    private static Verdict verdict(SwarmService service) {
        Snapshot snapshot = GivenSwarm.given(service).snapshot("main");
        return new ServiceCheck(ServiceCheck.WINDOW)
                .examine(snapshot.instances().get(0), snapshot);
    }
}
