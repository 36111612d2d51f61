package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All readings of one cycle.
 *
 * @param kernel settings of the host's kernel
 * @param boot what a boot sets in it; read where settings are enforced
 * @param listeners the host's listening TCP sockets
 * @param siteUnits the units that need Redis
 * @param stewardship what was done about units, and what was given up
 * @param sites those that are asked for their health
 * @param configuration the agent's own; empty where none is at work
 */
public record Snapshot(
        Instant takenAt,
        Reading<KernelSettings> kernel,
        Reading<BootSettings> boot,
        Reading<List<Listener>> listeners,
        Reading<SiteUnits> siteUnits,
        Reading<Stewardship> stewardship,
        List<InstanceState> instances,
        List<SiteState> sites,
        Optional<Reading<Configuration>> configuration) {

    public Snapshot {
        instances = List.copyOf(instances);
        sites = List.copyOf(sites);
    }

    /** Without sites, and without what concerns the agent alone. */
    public Snapshot(
            Instant takenAt,
            Reading<KernelSettings> kernel,
            Reading<BootSettings> boot,
            Reading<List<Listener>> listeners,
            Reading<SiteUnits> siteUnits,
            Reading<Stewardship> stewardship,
            List<InstanceState> instances) {
        this(takenAt, kernel, boot, listeners, siteUnits, stewardship, instances, List.of(), Optional.empty());
    }

    /** Without what a boot sets. */
    public Snapshot(
            Instant takenAt,
            Reading<KernelSettings> kernel,
            Reading<List<Listener>> listeners,
            Reading<SiteUnits> siteUnits,
            Reading<Stewardship> stewardship,
            List<InstanceState> instances) {
        this(takenAt, kernel, notRead(), listeners, siteUnits, stewardship, instances);
    }

    /** Without the kernel's settings: for what does not look at them. */
    public Snapshot(
            Instant takenAt,
            Reading<List<Listener>> listeners,
            Reading<SiteUnits> siteUnits,
            Reading<Stewardship> stewardship,
            List<InstanceState> instances) {
        this(takenAt, notRead(), listeners, siteUnits, stewardship, instances);
    }

    /** The same with these servers instead. */
    public Snapshot of(List<InstanceState> others) {
        return new Snapshot(takenAt, kernel, boot, listeners, siteUnits, stewardship, others, sites, configuration);
    }

    /** Nothing was read yet. */
    public static Snapshot empty(Instant at) {
        return new Snapshot(at, notRead(), notRead(), notRead(), List.of());
    }

    private static <T> Reading<T> notRead() {
        return Reading.unknown(Reading.Cause.NOT_READ, "not read yet");
    }
}
