package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.host.BootFilesProbe;
import dev.rediswarden.host.KernelFiles;
import dev.rediswarden.host.KernelProbe;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.KernelPlanner;
import dev.rediswarden.plan.KernelText;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.RedisPlanner;
import dev.rediswarden.redis.ConfProbe;
import dev.rediswarden.redis.RedisActuator;
import dev.rediswarden.redis.ServerProbe;
import dev.rediswarden.redis.Target;
import dev.rediswarden.snapshot.BootSettings;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The settings of servers that units of this host run, and of its kernel: read, planned, changed, taken back.
 *
 * @param state a directory that only root can read
 */
record Settings(Config config, Path state, LongSupplier nanos) {

    static final List<String> KERNEL_FILES = List.of(KernelText.SYSCTL, KernelText.TMPFILES);

    /** What one look found. */
    record Found(Map<String, Server> servers, Reading<KernelSettings> kernel, BootSettings boot) {

        /** What is wished of a server, its own word, and its redis.conf's. */
        record Server(Policy policy, Reading<ServerState> state, Reading<Fields> confFile) {}

        /** Together with the units that were read. */
        Snapshot with(Snapshot units) {
            List<InstanceState> instances = units.instances().stream()
                    .map(instance -> Optional.ofNullable(servers.get(instance.name()))
                            .map(server -> new InstanceState(
                                    instance.name(),
                                    server.policy(),
                                    instance.unit(),
                                    instance.ping(),
                                    server.state(),
                                    server.confFile(),
                                    instance.files(),
                                    instance.openFiles(),
                                    instance.verification(),
                                    instance.forecast(),
                                    instance.swarm()))
                            .orElse(instance))
                    .toList();
            return new Snapshot(
                    units.takenAt(),
                    kernel,
                    Reading.known(boot),
                    units.listeners(),
                    units.siteUnits(),
                    units.stewardship(),
                    instances);
        }

        Plan plan(Snapshot units) {
            Snapshot all = with(units);
            return RedisPlanner.plan(all).and(KernelPlanner.plan(all, boot));
        }
    }

    Found look() {
        Map<String, Found.Server> servers = new LinkedHashMap<>();
        for (RedisInstance redis : ofThisHost()) {
            try (ServerProbe probe = new ServerProbe(redis.name(), target(redis), redis.policy(), nanos)) {
                servers.put(redis.name(), new Found.Server(redis.policy(), probe.read(), confFile(redis)));
            }
        }
        return new Found(
                servers, new KernelProbe(System::nanoTime).read(), new BootFilesProbe(KERNEL_FILES).settings());
    }

    private List<RedisInstance> ofThisHost() {
        return config.redis().stream().filter(redis -> !redis.units().isEmpty()).toList();
    }

    private static Reading<Fields> confFile(RedisInstance redis) {
        try (ConfProbe probe = new ConfProbe(redis.name(), redis.confFiles())) {
            return probe.read();
        }
    }

    private static Target target(RedisInstance redis) {
        return new Target(redis.url(), redis.confFiles(), redis.passwordFile(), redis.tlsCa(), redis.timeout());
    }

    /**
     * Carries out all of it, in its order; one that fails keeps no other from being tried.
     *
     * @param progress told a line now and then of what takes long
     * @param told each outcome as it comes
     */
    List<Outcome> carryOut(Plan plan, Consumer<String> progress, Consumer<Outcome> told) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (RedisInstance redis : ofThisHost()) {
            List<Action.Configure> changes = plan.actions().stream()
                    .filter(Action.Configure.class::isInstance)
                    .map(Action.Configure.class::cast)
                    .filter(change -> change.instance().equals(redis.name()))
                    .toList();
            if (!changes.isEmpty()) {
                try (RedisActuator actuator = actuator(redis, changes.get(0).unit(), progress)) {
                    for (Action.Configure change : changes) {
                        outcomes.add(actuator.carryOut(change));
                        told.accept(outcomes.get(outcomes.size() - 1));
                    }
                }
            }
        }
        KernelFiles kernel = new KernelFiles(state);
        for (Action action : plan.actions()) {
            if (action instanceof Action.SetKernel change) {
                outcomes.add(kernel.carryOut(change));
                told.accept(outcomes.get(outcomes.size() - 1));
            }
        }
        return outcomes;
    }

    private RedisActuator actuator(RedisInstance redis, String unit, Consumer<String> progress) throws IOException {
        Path conf = confFile(redis)
                .optional()
                .flatMap(file -> file.text("config_file"))
                .map(Path::of)
                .or(() -> redis.confFiles().stream().findFirst())
                .orElse(Path.of("/etc/redis/redis.conf"));
        return new RedisActuator(
                redis.name(), unit, target(redis), conf, state.resolve("redis").resolve(redis.name()), progress, nanos);
    }

    /** Makes good what an earlier run was interrupted in; says what. */
    List<String> recover() throws IOException {
        List<String> recovered = new ArrayList<>();
        for (RedisInstance redis : ofThisHost()) {
            try (RedisActuator actuator = actuator(redis, unit(redis), line -> {})) {
                actuator.recover().ifPresent(recovered::add);
            }
        }
        return recovered;
    }

    /**
     * Takes back what leaves the data as safe and as private as it is.
     *
     * @param left told what stays
     */
    List<Outcome> revert(List<Left> left) throws IOException {
        List<Outcome> outcomes = new ArrayList<>();
        for (RedisInstance redis : ofThisHost()) {
            try (RedisActuator actuator = actuator(redis, unit(redis), line -> {})) {
                outcomes.addAll(actuator.revert(left));
            }
        }
        outcomes.addAll(new KernelFiles(state).revert(KERNEL_FILES));
        return outcomes;
    }

    private static String unit(RedisInstance redis) {
        return redis.units().get(0);
    }
}
