package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.GivenSwarm.M1;
import static dev.rediswarden.snapshot.GivenSwarm.W1;
import static dev.rediswarden.snapshot.GivenSwarm.W2;
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
import dev.rediswarden.snapshot.SwarmMount;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmTask;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeCheckTest {

    private static final List<String> ANYWHERE = List.of("node.role==worker");

    @Test
    void aTaskThatIsBoundToItsVolumeIsOk() {
        assertThat(verdict(GivenSwarm.healthy()).status()).isEqualTo(Status.OK);
        assertThat(verdict(GivenSwarm.healthy()).detail())
                .isEqualTo("volume redis_data is on w1, to which its task is bound");
    }

    @Test
    void aTaskThatMayGoElsewhereIsDegraded() {
        Verdict verdict = verdict(with("constraints", ANYWHERE));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail()).contains("2 nodes may be given its task", "with no data");
        assertThat(verdict.remedy()).contains("docker service update --constraint-add node.hostname==w1 app_redis");
    }

    @Test
    void oneThatHasMovedAwayIsUnhealthy() {
        Verdict verdict = verdict(with("constraints", ANYWHERE, "tasks", List.of(running(), on("w2"))));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.detail()).contains("runs on w1", "ran on w2 before", "not lost and not served");
        assertThat(verdict.remedy().orElseThrow())
                .startsWith("docker service update --constraint-add node.hostname==w2 app_redis #");
    }

    @Test
    void itsOldNodeIsBroughtBackWhereItWasDrained() {
        Verdict verdict = verdict(with(
                "constraints", ANYWHERE,
                "nodes", Reading.known(List.of(M1, W1, node("w2", "worker", "drain", "ready"))),
                "tasks", List.of(running(), on("w2"))));

        assertThat(verdict.remedy().orElseThrow()).startsWith("docker node update --availability active w2 && ");
    }

    /** Who binds it to another node has decided so. */
    @Test
    void oneThatWasMovedByAPersonIsOk() {
        assertThat(verdict(with("tasks", List.of(running(), on("w2")))).status())
                .isEqualTo(Status.OK);
    }

    /** A task that was given to a node and never ran there has left nothing on it. */
    @Test
    void whereItNeverRanThereIsNoData() {
        SwarmTask rejected = Given.copy(on("w2"), "state", "rejected");

        assertThat(verdict(with("constraints", ANYWHERE, "tasks", List.of(running(), rejected)))
                        .status())
                .isEqualTo(Status.DEGRADED);
    }

    @Test
    void whenItsNodeIsDownWhatIsLostIsTold() {
        SwarmTask before = task("w1", "running", "shutdown", "", NOW.minusSeconds(600));
        SwarmTask now = task("", "pending", "running", "no suitable node", NOW.minusSeconds(20));
        Verdict verdict = verdict(with(
                "nodes", Reading.known(List.of(M1, node("w1", "worker", "active", "down"), W2)),
                "tasks", List.of(now, before)));

        assertThat(verdict.status()).isEqualTo(Status.DEGRADED);
        assertThat(verdict.detail())
                .contains("volume redis_data with the data is on w1, which is down")
                .contains("what has reached its disk is not lost", "what was written since the last snapshot is");
        assertThat(verdict.remedy().orElseThrow()).contains("systemctl start docker.service # the second on w1");
    }

    @Test
    void whereNothingIsRememberedItIsUnknown() {
        assertThat(verdict(with("tasks", List.of())).status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void withoutAMountThereIsNothingToFindAfterwards() {
        SwarmTask bare = running().with(Reading.known(new SwarmContainer("healthy", "", false, List.of())));
        Verdict verdict = verdict(with("mounts", List.of(), "tasks", List.of(bare)));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.remedy().orElseThrow())
                .contains(" SAVE && docker exec ")
                .contains("docker service update --mount-add type=volume,source=app_redis_data,target=/var/lib/redis");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tmpfs", "volume"})
    void whatGoesWithItsTaskIsUnhealthy(String type) {
        SwarmMount mount = new SwarmMount(type, "", "/data", "", "", false);
        Verdict verdict = verdict(with("mounts", List.of(mount)));

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.remedy().orElseThrow())
                .contains("docker service update --mount-rm /data --mount-add type=volume,source=app_redis_data,");
    }

    @Test
    void aVolumeThatItsImageAskedForIsNobodysOwn() {
        SwarmMount anonymous = new SwarmMount("volume", "0123456789abcdef".repeat(4), "/data", "local", "", false);
        SwarmTask task = running().with(Reading.known(new SwarmContainer("healthy", "", false, List.of(anonymous))));
        Verdict verdict = verdict(with("mounts", List.of(), "tasks", List.of(task)));

        assertThat(verdict.detail()).contains("a volume without a name");
        assertThat(verdict.remedy().orElseThrow()).doesNotContain("--mount-rm");
    }

    @Test
    void oneThatCannotBeWrittenIsUnhealthy() {
        SwarmMount mount = new SwarmMount("volume", "redis_data", "/data", "", "", true);

        assertThat(verdict(with("mounts", List.of(mount))).remedy())
                .contains("docker service update --mount-rm /data --mount-add"
                        + " type=volume,source=redis_data,target=/data app_redis");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nfs", "nfs4", "cifs"})
    void aVolumeThatAllNodesShareMayGoAnywhere(String device) {
        SwarmMount shared = new SwarmMount("volume", "redis_data", "/data", "local", device, false);

        assertThat(verdict(with("constraints", ANYWHERE, "mounts", List.of(shared)))
                        .status())
                .isEqualTo(Status.OK);
    }

    @Test
    void withoutTheNodesItIsUnknown() {
        assertThat(verdict(with("nodes", Given.unknown())).status()).isEqualTo(Status.UNKNOWN);
    }

    private static SwarmTask on(String node) {
        return task(node, "shutdown", "shutdown", "", NOW.minusSeconds(90_000));
    }

    private static Verdict verdict(SwarmService service) {
        Given given = GivenSwarm.given(service);
        boolean usual =
                !service.mounts().isEmpty() || service.running().stream().anyMatch(VolumeCheckTest::hasMount);
        Snapshot snapshot = (usual ? given.withConfig("dir", "/data") : given).snapshot("main");
        return new VolumeCheck().examine(snapshot.instances().get(0), snapshot);
    }

    private static boolean hasMount(SwarmTask task) {
        return task.container()
                .optional()
                .filter(container -> !container.mounts().isEmpty())
                .isPresent();
    }
}
