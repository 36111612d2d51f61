package dev.rediswarden;

import dev.rediswarden.check.Past;
import dev.rediswarden.check.Report;
import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.cycle.Cycle;
import dev.rediswarden.redis.PingProbe;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.systemd.ServerUnit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/** The host's own checks, once. */
record HostCheck(Config config) {

    private static final List<Path> UNIT_DIRECTORIES = List.of(
            Path.of("/etc/systemd/system"),
            Path.of("/run/systemd/system"),
            Path.of("/usr/lib/systemd/system"),
            Path.of("/lib/systemd/system"));

    /** Every Redis that can come by itself is waited for first. */
    Report report(ExecutorService threads, Patience patience, ServerUnits units) {
        for (RedisInstance redis : config.redis()) {
            try (PingProbe probe = new PingProbe(redis.name(), Assembly.target(redis), System::nanoTime)) {
                patience.until(
                        () -> waitedFor(probe),
                        reason -> units.of(redis).filter(ServerUnit::isStopped).isPresent() ? "" : reason);
            }
        }
        return Cycle.once(
                new Assembly(
                                System.getenv(),
                                System::nanoTime,
                                () -> {},
                                Chronicle.ofDaemon(InstantSource.system()),
                                Optional.empty())
                        .watched(config, Past.NONE),
                threads,
                InstantSource.system(),
                System::nanoTime);
    }

    private static String waitedFor(Probe<Ping> probe) {
        return probe.read()
                .optional()
                .filter(ping -> ping.isSilent() || ping.outcome() == Ping.Outcome.LOADING)
                .map(ping -> ping.address() + ": " + ping.reply())
                .orElse("");
    }

    /** Whether there is one to be checked: one is configured, or installed as the distribution does it. */
    boolean hasRedis() {
        boolean configured = config.settings().stream()
                .filter(setting -> setting.key().startsWith("redis."))
                .anyMatch(setting -> !setting.origin().equals("default"));
        return configured || config.redis().stream().anyMatch(HostCheck::isInstalled);
    }

    /** What may not be looked at counts as there. */
    private static boolean isInstalled(RedisInstance redis) {
        return redis.confFiles().stream().anyMatch(file -> !Files.notExists(file))
                || redis.units().stream()
                        .anyMatch(unit -> UNIT_DIRECTORIES.stream().anyMatch(d -> !Files.notExists(d.resolve(unit))));
    }
}
