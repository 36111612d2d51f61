package dev.rediswarden;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Past;
import dev.rediswarden.check.Severity;
import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigurationProbe;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.cycle.InstanceWatch;
import dev.rediswarden.cycle.Pace;
import dev.rediswarden.cycle.SiteWatch;
import dev.rediswarden.cycle.SwarmWatch;
import dev.rediswarden.cycle.Watch;
import dev.rediswarden.cycle.Watched;
import dev.rediswarden.docker.ServiceProbe;
import dev.rediswarden.history.ForecastProbe;
import dev.rediswarden.host.BackupProbe;
import dev.rediswarden.host.BootFilesProbe;
import dev.rediswarden.host.DataFilesProbe;
import dev.rediswarden.host.KernelProbe;
import dev.rediswarden.host.ListenersProbe;
import dev.rediswarden.host.OpenFilesProbe;
import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.host.StewardshipProbe;
import dev.rediswarden.host.VerificationFile;
import dev.rediswarden.host.VerificationProbe;
import dev.rediswarden.redis.ConfProbe;
import dev.rediswarden.redis.PingProbe;
import dev.rediswarden.redis.ServerProbe;
import dev.rediswarden.redis.Target;
import dev.rediswarden.site.SiteProbe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.systemd.Bus;
import dev.rediswarden.systemd.DropIns;
import dev.rediswarden.systemd.SiteUnitsProbe;
import dev.rediswarden.systemd.UnitProbe;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Puts together what a configuration has watched: every probe, by name, with its pace.
 *
 * @param wake asks for a cycle at once; called by systemd's signals
 * @param chronicle from which forecasts are drawn
 * @param onDisk the agent's own configuration; empty where none is at work
 */
record Assembly(
        Map<String, String> environment,
        LongSupplier nanos,
        Runnable wake,
        Chronicle chronicle,
        Optional<ConfigurationProbe> onDisk) {

    /** For connecting to the bus, and for all questions of one reading: less than after what a reading is unknown. */
    private static final Duration BUS_TIMEOUT = Duration.ofSeconds(4);

    private static final Duration SITE_RETRY = Duration.ofSeconds(5);

    /** There may be hundreds of units, on a host that is busy booting. */
    private static final Duration SITE_DEADLINE = Duration.ofSeconds(30);

    /** @param past how the checks stood when the agent ran before */
    Watched watched(Config config, Past past) {
        Bus bus = Bus.system(environment, BUS_TIMEOUT, nanos);
        List<InstanceWatch> instances = config.redis().stream()
                .map(instance -> instance(instance, config, bus))
                .toList();
        Map<String, Map<String, Severity>> severities =
                config.redis().stream().collect(Collectors.toMap(RedisInstance::name, RedisInstance::severities));
        return new Watched(
                Watch.instant(new KernelProbe(nanos), Pace.slow(config.slow(), Duration.ZERO), nanos),
                config.redis().stream().anyMatch(redis -> redis.policy().enforce())
                        ? Optional.of(new Watch<>(
                                new BootFilesProbe(Settings.KERNEL_FILES),
                                Pace.slow(config.slow(), Duration.ZERO),
                                nanos))
                        : Optional.empty(),
                new Watch<>(new ListenersProbe(), Pace.slow(config.slow(), Duration.ZERO), nanos),
                new Watch<>(
                        new SiteUnitsProbe(
                                config.order(), config.unitsByInstance(), bus, DropIns.ofHost(), nanos, wake),
                        // A signal hurries it, as it does the fast ones; this is for a bus that is away.
                        new Pace(SITE_RETRY, SITE_DEADLINE),
                        nanos),
                Watch.instant(
                        new StewardshipProbe(StewardshipFile.DEFAULT), Pace.fast(config.fast(), Duration.ZERO), nanos),
                instances,
                config.sites().stream().map(site -> site(site, config)).toList(),
                onDisk.map(probe -> new Watch<>(probe, Pace.slow(config.slow(), Duration.ZERO), nanos)),
                Checkup.repeated(severities, past),
                List.of(bus));
    }

    private InstanceWatch instance(RedisInstance redis, Config config, Bus bus) {
        Pace fast = Pace.fast(config.fast(), redis.timeout());
        Pace slow = Pace.slow(config.slow(), redis.timeout());
        String name = redis.name();
        Target target = target(redis);
        Optional<Watch<UnitState>> unit = redis.units().isEmpty()
                ? Optional.empty()
                : Optional.of(new Watch<>(new UnitProbe(redis.units(), bus, nanos, wake), fast, nanos));
        Watch<ServerState> server = new Watch<>(new ServerProbe(name, target, redis.policy(), nanos), slow, nanos);
        return new InstanceWatch(
                name,
                redis.policy(),
                new Watch<>(new PingProbe(name, target, nanos), fast, nanos),
                unit,
                server,
                new Watch<>(new ConfProbe(name, redis.confFiles()), slow, nanos),
                new Watch<>(new DataFilesProbe(name, server::settled), slow, nanos),
                new Watch<>(new OpenFilesProbe(name, () -> process(server.settled())), slow, nanos),
                new Watch<>(new VerificationProbe(name, VerificationFile.DEFAULT, nanos), slow, nanos),
                chronicle
                        .forecast(name, server::settled)
                        .map(probe -> new Watch<>(probe, new Pace(ForecastProbe.EVERY, slow.deadline()), nanos)),
                redis.service().map(service -> swarm(service, config)));
    }

    /** Eight questions at most, each with its bound. */
    private SwarmWatch swarm(String service, Config config) {
        Pace pace = Pace.slow(config.slow(), config.docker().timeout().multipliedBy(8));
        return new SwarmWatch(
                service, config.docker(), new Watch<>(new ServiceProbe(service, config.docker(), nanos), pace, nanos));
    }

    private SiteWatch site(Site site, Config config) {
        Pace slow = Pace.slow(config.slow(), site.timeout());
        return new SiteWatch(
                site,
                new Watch<>(new SiteProbe(site, nanos), slow, nanos),
                new Watch<>(new BackupProbe(site.name(), Path.of(site.backupFile())), slow, nanos));
    }

    static Target target(RedisInstance redis) {
        return new Target(redis.url(), redis.confFiles(), redis.passwordFile(), redis.tlsCa(), redis.timeout());
    }

    private static Reading<Long> process(Reading<ServerState> server) {
        return server.map(said -> said.info().number("process_id"))
                .fold(
                        id -> id.isPresent()
                                ? Reading.known(id.getAsLong())
                                : Reading.unknown(Reading.Cause.UNSUPPORTED, "INFO has no process_id"),
                        unknown -> Reading.unknown(unknown.cause(), unknown.detail()));
    }
}
