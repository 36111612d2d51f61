package dev.rediswarden.cycle;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.snapshot.BootSettings;
import dev.rediswarden.snapshot.Configuration;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * All that one configuration has watched, and how it is judged. A reload replaces it whole.
 *
 * @param boot what a boot sets in the kernel; where somebody asks for it
 * @param sites each at its own pace; none is waited for
 * @param configuration the agent's own; empty where none is at work
 * @param resources what the probes share and must be closed after them (the bus)
 */
public record Watched(
        Watch<KernelSettings> kernel,
        Optional<Watch<BootSettings>> boot,
        Watch<List<Listener>> listeners,
        Watch<SiteUnits> siteUnits,
        Watch<Stewardship> stewardship,
        List<InstanceWatch> instances,
        List<SiteWatch> sites,
        Optional<Watch<Configuration>> configuration,
        Checkup checkup,
        List<AutoCloseable> resources)
        implements AutoCloseable {

    /** Without what a boot sets, without sites, and without what concerns the agent alone. */
    public Watched(
            Watch<KernelSettings> kernel,
            Watch<List<Listener>> listeners,
            Watch<SiteUnits> siteUnits,
            Watch<Stewardship> stewardship,
            List<InstanceWatch> instances,
            Checkup checkup,
            List<AutoCloseable> resources) {
        this(
                kernel,
                Optional.empty(),
                listeners,
                siteUnits,
                stewardship,
                instances,
                List.of(),
                Optional.empty(),
                checkup,
                resources);
    }

    List<Watch<?>> fast() {
        return Stream.concat(
                        Stream.<Watch<?>>of(siteUnits, stewardship),
                        instances.stream().flatMap(i -> i.fast().stream()))
                .toList();
    }

    List<Watch<?>> slow() {
        return Stream.of(
                        Stream.<Watch<?>>of(kernel, listeners),
                        boot.<Watch<?>>map(watch -> watch).stream(),
                        configuration.<Watch<?>>map(watch -> watch).stream(),
                        instances.stream().flatMap(i -> i.slow().stream()))
                .flatMap(watches -> watches)
                .toList();
    }

    /** What is asked of others than Redis and this host, and may take as long as they like. */
    List<Watch<?>> ofSites() {
        return sites.stream().flatMap(site -> site.watches().stream()).toList();
    }

    List<Watch<?>> all() {
        return Stream.of(fast(), slow(), ofSites()).flatMap(List::stream).toList();
    }

    Snapshot snapshot(Instant at) {
        List<InstanceState> states =
                instances.stream().map(InstanceWatch::state).toList();
        return new Snapshot(
                at,
                kernel.reading(),
                boot.map(Watch::reading)
                        .orElse(Reading.unknown(Reading.Cause.NOT_READ, "nobody asks what a boot sets in the kernel")),
                listeners.reading(),
                siteUnits.reading(),
                stewardship.reading(),
                states,
                sites.stream().map(SiteWatch::state).toList(),
                configuration.map(Watch::reading));
    }

    /** Lets every run that is under way end, and then closes what it used; does not wait for that. */
    @Override
    public void close() {
        CompletableFuture<?>[] probes = all().stream().map(Watch::retire).toArray(CompletableFuture<?>[]::new);
        CompletableFuture<Void> unused = CompletableFuture.allOf(probes)
                .whenComplete((done, failed) -> resources.forEach(Watched::closeQuietly));
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            // It is thrown away either way, and nothing that is still needed depends on it.
        }
    }
}
