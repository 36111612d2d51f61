package dev.rediswarden.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SwarmMount;
import dev.rediswarden.snapshot.SwarmNetwork;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmService.Port;
import dev.rediswarden.snapshot.SwarmTask;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** An engine's real answers, and all the ways in which there may be none. */
class ServiceProbeTest {

    private static final String NAME = "wheel_redis";
    private static final String SERVICE = "/v1.41/services/" + NAME;
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    private Path directory = Path.of("");

    private Path socket = Path.of("");
    private Optional<RecordedEngine> engine = Optional.empty();

    @BeforeEach
    void listen() {
        socket = directory.resolve("docker.sock");
        engine = Optional.of(new RecordedEngine(socket));
    }

    @AfterEach
    void close() throws IOException {
        engine().close();
    }

    @Test
    void aServiceIsToldWithItsTasksNetworksAndNodes() {
        engine().scene("published");

        SwarmService service = service(read());

        assertThat(service.name()).isEqualTo(NAME);
        assertThat(service.replicas()).hasValue(1);
        assertThat(service.image()).isEqualTo("redis:7.4-alpine");
        assertThat(service.constraints()).containsExactly("node.hostname==node1");
        assertThat(service.memoryLimit()).hasValue(768L << 20);
        assertThat(service.memoryReserved()).hasValue(128L << 20);
        assertThat(service.mounts()).containsExactly(new SwarmMount("volume", "wheel_data", "/data", "", "", false));
        assertThat(service.ports()).containsExactly(new Port(6379, 6379, "tcp", true));
        assertThat(service.networks().optional().orElseThrow())
                .containsExactly(new SwarmNetwork("app_main", "overlay", true, List.of("web")));
        assertThat(service.nodes().optional().orElseThrow()).hasSize(2).allMatch(node -> node.isAtWork());
        SwarmTask running = service.running().get(0);
        assertThat(service.nodeName(running.node())).isEqualTo("node1");
        assertThat(running.container().optional().orElseThrow().health()).isEqualTo("healthy");
        assertThat(running.container().optional().orElseThrow().mounts())
                .containsExactly(new SwarmMount("volume", "wheel_data", "/data", "local", "", false));
    }

    @Test
    void aTaskOfAnotherNodeKeepsItsContainerToThatNode() {
        engine().scene("unpinned");

        SwarmService service = service(read());

        assertThat(service.tasks())
                .extracting(task -> service.nodeName(task.node()))
                .contains("node1", "node2");
        assertThat(service.tasks())
                .filteredOn(task -> service.nodeName(task.node()).equals("node2"))
                .allMatch(task -> task.container().optional().isEmpty());
    }

    @Test
    void aTaskThatIsGivenToNoNodeWaits() {
        engine().scene("pending");

        SwarmTask waiting = service(read()).waiting().orElseThrow();

        assertThat(waiting.state()).isEqualTo("pending");
        assertThat(waiting.error()).startsWith("no suitable node (scheduling constraints not satisfied on 2 nodes");
        assertThat(waiting.node()).isEmpty();
    }

    @Test
    void aHealthCheckThatFailedIsToldByTheContainerAlone() {
        engine().scene("unhealthy");

        SwarmService service = service(read());

        assertThat(service.running()).isEmpty();
        SwarmTask stopped = service.failed().get(0);
        assertThat(stopped.state()).isEqualTo("complete");
        assertThat(stopped.error()).isEmpty();
        assertThat(stopped.container().optional().orElseThrow().health()).isEqualTo("unhealthy");
    }

    @Test
    void aKillAtTheLimitIsToldByTheContainer() {
        engine().scene("oom");

        SwarmTask killed = service(read()).failed().get(0);

        assertThat(killed.exit()).hasValue(137);
        assertThat(killed.container().optional().orElseThrow().killedForMemory())
                .isTrue();
    }

    @Test
    void nothingIsSentButGet() {
        engine().scene("published");

        read();

        assertThat(engine().asked()).isNotEmpty().allMatch(question -> question.startsWith("GET /"));
    }

    @Test
    void theVersionIsAgreedUponOnce() {
        engine().scene("scaled");
        ServiceProbe probe = probe(PATIENCE);

        probe.read();
        probe.read();

        assertThat(engine().asked().stream().filter("GET /version"::equals)).hasSize(1);
    }

    @Test
    void aNameThatTheSwarmHasNotIsNoFailure() {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");

        assertThat(read()).isEqualTo(Reading.known(Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({"1.41, 1.12, /v1.41", "1.54, 1.44, /v1.44", "1.30, 1.12, /v1.30", "1.52, 1.24, /v1.41"})
    void theNearestVersionThatTheEngineSpeaksIsAsked(String newest, String oldest, String prefix) {
        engine().answer("/version", 200, "{\"ApiVersion\":\"" + newest + "\",\"MinAPIVersion\":\"" + oldest + "\"}");

        read();

        assertThat(engine().asked()).containsExactly("GET /version", "GET " + prefix + "/services/" + NAME);
    }

    @Test
    void anEngineThatRefusesTheVersionIsAskedWithoutOne() {
        engine().answer("/version", 403, "{}");
        engine().answer(SERVICE, 400, "{}");
        engine().scene("scaled");
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");
        engine().answer(
                        SERVICE,
                        400,
                        "{\"message\":\"client version 1.41 is too new. Maximum supported API version is 1.40\"}");

        read();

        assertThat(engine().asked()).containsSequence("GET " + SERVICE, "GET /services/" + NAME);
    }

    @Test
    void anEngineOfLongAgoIsNotGuessedAt() {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.24\"}");

        assertThat(unknown().cause()).isEqualTo(Cause.UNSUPPORTED);
        assertThat(unknown().detail()).contains("1.24", "1.25");
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 406})
    void anEngineThatIsNoManagerSaysSo(int code) {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");
        engine().answer(SERVICE, code, "{\"message\":\"This node is not a swarm manager. Use docker swarm init\"}");

        assertThat(unknown().cause()).isEqualTo(Cause.UNAVAILABLE);
        assertThat(unknown().detail()).contains("This node is not a swarm manager");
    }

    @Test
    void whatAProxyForbidsIsDenied() {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");
        engine().raw(SERVICE, "HTTP/1.0 403 Forbidden\r\n\r\n<html>no</html>");

        assertThat(unknown().cause()).isEqualTo(Cause.DENIED);
    }

    /** A proxy may let tasks and services through, and no more. */
    @Test
    void whatIsForbiddenOfThePartsIsUnknownAlone() {
        engine().scene("published");
        engine().answer("/v1.41/nodes", 403, "{}");
        engine().answer("/v1.41/services", 403, "{}");

        SwarmService service = service(read());

        assertThat(service.running()).hasSize(1);
        assertThat(service.nodes().optional()).isEmpty();
        assertThat(service.networks().optional()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-ERR unknown command\r\n",
                "HTTP/1.1 200 OK\r\n\r\n{",
                "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 500 Oops\r\n\r\n\u001b[2J"
            })
    void nonsenseIsAFailure(String answer) {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");
        engine().raw(SERVICE, answer);

        assertThat(unknown().cause()).isEqualTo(Cause.FAILED);
        assertThat(unknown().detail()).doesNotContain("\u001b", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{}", "7", "{\"Spec\":7,\"Endpoint\":{\"Ports\":{}}}", "{\"ID\":\"../../x\"}"})
    void jsonOfAnotherShapeIsAServiceOfWhichLittleIsKnown(String json) {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");
        engine().answer(SERVICE, 200, json);

        assertThat(service(read()).tasks()).isEmpty();
        assertThat(engine().asked()).noneMatch(question -> question.contains(".."));
    }

    @Test
    void anEndlessAnswerIsReadNoFurtherThanItsBound() {
        engine().answer("/version", 200, "{\"ApiVersion\":\"1.41\"}");
        engine().raw(SERVICE, "HTTP/1.1 200 OK\r\n\r\n" + " ".repeat(3 << 20));

        assertThat(unknown().detail()).contains("more than 2048 kB");
    }

    @Test
    void oneThatAcceptsAndIsSilentIsLate() throws IOException {
        Path other = directory.resolve("silent.sock");
        try (ServerSocketChannel silent = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            silent.bind(UnixDomainSocketAddress.of(other));
            socket = other;

            assertThat(unknown(Duration.ofMillis(100)).cause()).isEqualTo(Cause.TIMEOUT);
        }
    }

    @Test
    void oneThatIsNotThereIsUnavailable() throws IOException {
        engine().close();
        assertThat(unknown().cause()).isEqualTo(Cause.UNAVAILABLE);
        Files.delete(socket);
        assertThat(unknown().detail()).isEqualTo("there is no " + socket);
    }

    private RecordedEngine engine() {
        return engine.orElseThrow();
    }

    private ServiceProbe probe(Duration timeout) {
        return new ServiceProbe(NAME, new Engine(new Engine.Unix(socket.toString()), timeout), System::nanoTime);
    }

    private Reading<Optional<SwarmService>> read() {
        return probe(PATIENCE).read();
    }

    private static SwarmService service(Reading<Optional<SwarmService>> reading) {
        return reading.fold(found -> found.orElseThrow(), unknown -> {
            throw new AssertionError(unknown);
        });
    }

    private Reading.Unknown<Optional<SwarmService>> unknown() {
        return unknown(PATIENCE);
    }

    private Reading.Unknown<Optional<SwarmService>> unknown(Duration timeout) {
        return (Reading.Unknown<Optional<SwarmService>>) probe(timeout).read();
    }
}
