package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Planner;
import dev.rediswarden.snapshot.Forecast;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.systemd.Actuator;
import dev.rediswarden.systemd.Bus;
import dev.rediswarden.systemd.DropIns;
import dev.rediswarden.systemd.Enabled;
import dev.rediswarden.systemd.Manager;
import dev.rediswarden.systemd.SiteUnitsProbe;
import dev.rediswarden.systemd.UnitProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The units of servers and of the site, as systemd has them: read, changed, taken back. */
record Units(Bus bus, Map<String, UnitProbe> servers, SiteUnitsProbe site) implements AutoCloseable {

    private static final Duration BUS_TIMEOUT = Duration.ofSeconds(60);

    /** How long a start is followed: a server that loads a large dataset takes longer, and is on its way. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(20);

    static Units open(Config config, LongSupplier nanos) {
        Bus bus = Bus.system(System.getenv(), BUS_TIMEOUT, nanos);
        Map<String, UnitProbe> servers = new LinkedHashMap<>();
        for (RedisInstance redis : config.redis()) {
            if (!redis.units().isEmpty()) {
                servers.put(redis.name(), new UnitProbe(redis.units(), bus, nanos, () -> {}));
            }
        }
        return new Units(
                bus,
                servers,
                new SiteUnitsProbe(config.order(), config.unitsByInstance(), bus, DropIns.ofHost(), nanos, () -> {}));
    }

    Snapshot snapshot(Instant at) {
        return new Snapshot(at, unread(), site.read(), unread(), instances(UnitProbe::read));
    }

    /** Those of servers alone, read anew: something was done about them since, or nothing is asked of the site's. */
    Snapshot ofServers(Instant at) {
        return new Snapshot(at, unread(), unread(), unread(), instances(UnitProbe::readAnew));
    }

    private List<InstanceState> instances(Function<UnitProbe, Reading<UnitState>> reading) {
        List<InstanceState> instances = new ArrayList<>();
        servers.forEach((name, probe) -> instances.add(new InstanceState(
                name,
                Policy.VPS,
                Optional.of(reading.apply(probe)),
                unread(),
                unread(),
                unread(),
                unread(),
                unread(),
                unread(),
                Forecast.NOT_DRAWN,
                Optional.empty())));
        return instances;
    }

    private static <T> Reading<T> unread() {
        return Reading.unknown(Cause.NOT_READ, "not needed for a plan");
    }

    /** What is not known is not acted upon; where nothing is, there is nothing to act upon, and this says why. */
    static Optional<String> blindness(Snapshot snapshot) {
        Optional<String> blind = Optional.empty();
        for (InstanceState instance : snapshot.instances()) {
            if (instance.unit().isPresent() && instance.unit().get() instanceof Reading.Unknown<UnitState> unknown) {
                blind = Optional.of(unknown.detail());
            } else {
                return Optional.empty();
            }
        }
        return blind;
    }

    /** @param state a directory that only root can read */
    Actuator actuator(Manager manager, Path state) {
        return new Actuator(
                manager,
                DropIns.ofHost(),
                state,
                site::readAnew,
                unit -> servers.values().stream()
                        .map(UnitProbe::readAnew)
                        .filter(reading -> reading.fold(known -> known.id().equals(unit), unknown -> false))
                        .findFirst()
                        .orElse(Reading.unknown(Cause.UNAVAILABLE, unit + " is not there")),
                START_PATIENCE);
    }

    /** Takes away every drop-in that was written. */
    static List<Outcome> removeDropIns(Actuator actuator) throws IOException {
        SiteUnits files = new SiteUnits(List.of(), DropIns.ofHost().list());
        List<Action> actions = Planner.revert(files).actions();
        return actuator.remove(actions);
    }

    /**
     * Disables what was enabled by redis-warden; each is forgotten once it is taken back.
     *
     * @param told each of them
     * @return how many they were
     */
    static int disable(Manager manager, Enabled enabled, Consumer<String> told) throws IOException, Manager.Refused {
        List<String> units = enabled.read();
        for (String unit : units) {
            manager.disable(unit);
            enabled.forget(unit);
            told.accept(unit);
        }
        if (!units.isEmpty()) {
            manager.reload();
        }
        return units.size();
    }

    @Override
    public void close() {
        servers.values().forEach(UnitProbe::close);
        site.close();
        bus.close();
    }
}
