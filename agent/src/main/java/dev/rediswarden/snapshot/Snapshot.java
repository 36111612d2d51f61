package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.List;

/**
 * All readings of one cycle.
 *
 * @param listeners the host's listening TCP sockets
 */
public record Snapshot(Instant takenAt, Reading<List<Listener>> listeners, List<InstanceState> instances) {

    public Snapshot {
        instances = List.copyOf(instances);
    }

    /** Nothing was read yet. */
    public static Snapshot empty(Instant at) {
        return new Snapshot(at, Reading.unknown(Reading.Cause.NOT_READ, "not read yet"), List.of());
    }
}
