package dev.rediswarden.cycle;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmState;
import java.util.Optional;

/** The watch of the Swarm service that runs a server. */
public record SwarmWatch(String name, Engine engine, Watch<Optional<SwarmService>> service) {

    SwarmState state() {
        return new SwarmState(name, engine, service.reading());
    }
}
