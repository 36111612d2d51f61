package dev.rediswarden.snapshot;

import java.util.Optional;

/**
 * Of a server that a Swarm runs: its service, and what a manager says of that.
 *
 * @param service as the configuration names it
 * @param engine where it is asked
 * @param found empty where the Swarm has no service of that name
 */
public record SwarmState(String service, Engine engine, Reading<Optional<SwarmService>> found) {

    /** What is known of it. */
    public Optional<SwarmService> known() {
        return found.optional().flatMap(service -> service);
    }
}
