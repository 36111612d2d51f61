package dev.rediswarden.snapshot;

import static dev.rediswarden.snapshot.Given.NOW;

import dev.rediswarden.snapshot.Reading.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A Swarm of three nodes that runs a Redis on the second of them, as it should. */
public final class GivenSwarm {

    public static final Engine ENGINE = new Engine(new Engine.Unix(Engine.DEFAULT_SOCKET), Duration.ofSeconds(2));

    public static final SwarmNode M1 = node("m1", "manager", "active", "ready");
    public static final SwarmNode W1 = node("w1", "worker", "active", "ready");
    public static final SwarmNode W2 = node("w2", "worker", "active", "ready");

    public static final SwarmMount VOLUME = new SwarmMount("volume", "redis_data", "/data", "", "", false);

    private static final Instant STARTED = NOW.minus(Duration.ofHours(3));

    private GivenSwarm() {}

    public static SwarmService healthy() {
        return new SwarmService(
                "app_redis",
                OptionalLong.of(1),
                "redis:7.4-alpine@sha256:aa",
                List.of("node.hostname==w1"),
                OptionalLong.of(2L << 30),
                OptionalLong.of(256L << 20),
                List.of(VOLUME),
                List.of(),
                Optional.empty(),
                Reading.known(List.of(new SwarmNetwork("app_main", "overlay", false, List.of("web", "worker")))),
                List.of(running()),
                Reading.known(List.of(M1, W1, W2)));
    }

    /** The same with other components, as {@link Given#copy} has them. */
    public static SwarmService with(Object... changes) {
        return Given.copy(healthy(), changes);
    }

    public static SwarmTask running() {
        return task("w1", "running", "running", "", STARTED).with(Reading.known(container("healthy")));
    }

    public static SwarmTask task(String node, String state, String wanted, String error, Instant at) {
        return new SwarmTask(
                "t" + at.getEpochSecond(),
                node.isEmpty() ? "" : "id-" + node,
                state,
                wanted,
                error,
                at.minusSeconds(20),
                at,
                OptionalLong.empty(),
                "redis:7.4-alpine@sha256:aa",
                node.isEmpty() ? "" : "c" + at.getEpochSecond(),
                Reading.unknown(Cause.NOT_READ, "nobody asked for its container"));
    }

    public static SwarmContainer container(String health) {
        return new SwarmContainer(
                health, "", false, List.of(new SwarmMount("volume", "redis_data", "/data", "local", "", false)));
    }

    public static SwarmNode node(String name, String role, String availability, String state) {
        return SwarmNode.of("id-" + name, name, role, availability, state, 8L << 30, Map.of("disk", "ssd"), Map.of());
    }

    public static SwarmState state(SwarmService service) {
        return new SwarmState(service.name(), ENGINE, Reading.known(Optional.of(service)));
    }

    /** A healthy Redis, run by that service. */
    public static Given given(SwarmService service) {
        return Given.healthy().with(state(service));
    }
}
