package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** There is room for connections (https://redis.io/docs/latest/develop/reference/clients/). */
final class ClientsCheck implements Check {

    /** What Redis takes where redis.conf says nothing. */
    private static final long DEFAULT = 10_000;

    /** Files that Redis keeps for itself (CONFIG_MIN_RESERVED_FDS). */
    private static final long RESERVED = 32;

    /** The limit of the distribution's units. */
    private static final long USUAL_FILES = 65_535;

    @Override
    public String name() {
        return "clients";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        // A new connection's own experience; those that are kept hear nothing of it.
        Optional<Ping> turnedAway =
                instance.ping().optional().filter(ping -> ping.reply().startsWith("ERR max number of clients"));
        return turnedAway
                .map(ping -> Verdict.of(Finding.unhealthy(
                        ping.address() + " answers " + ping.reply(),
                        "every new connection is refused",
                        makeRoom(instance, DEFAULT))))
                .orElseGet(() -> Asked.info(instance, (info, config) -> judge(instance, info, config)));
    }

    private Verdict judge(InstanceState instance, Fields info, Reading<Fields> config) {
        Commands commands = Commands.of(instance);
        long max = config.optional().stream()
                .flatMapToLong(known -> known.number("maxclients").stream())
                .findFirst()
                .orElse(info.number("maxclients").orElse(-1));
        long connected = info.number("connected_clients").orElse(-1);
        // Replicas are connections that connected_clients leaves out.
        long replicas = info.number("connected_slaves").orElse(-1);
        if (connected < 0 || replicas < 0) {
            return Verdict.of(Finding.unknown(
                    "INFO has no " + (connected < 0 ? "connected_clients" : "connected_slaves"),
                    "whether there is room for more is not known",
                    commands.cli() + " INFO"));
        }
        if (max <= 0) {
            return Verdict.of(config.fold(
                    known -> Finding.unknown(
                            "neither CONFIG GET nor INFO has maxclients",
                            "whether there is room for more is not known",
                            commands.cli() + " CONFIG GET maxclients"),
                    unknown -> Asked.noConfig(unknown, commands)));
        }
        List<Finding> findings = new ArrayList<>();
        long taken = connected + replicas;
        String evidence = "connected_clients is " + connected + " of maxclients " + max;
        if (taken >= max) {
            findings.add(
                    Finding.unhealthy("INFO: " + evidence, "every new connection is refused", makeRoom(instance, max)));
        } else if (taken > max * instance.policy().limits().clients()) {
            findings.add(Finding.degraded(
                    "INFO: " + evidence + ", " + Math.round(100.0 * taken / max) + " %",
                    "soon new connections are refused",
                    raise(instance, commands, max)));
        }
        rejected(instance, config, evidence, raise(instance, commands, max)).ifPresent(findings::add);
        // Another host's or a container's files are not known, nor is its redis.conf.
        if (instance.unit().isPresent()) {
            files(instance, commands, max).ifPresent(findings::add);
        }
        return Verdict.of(findings, evidence);
    }

    private static Optional<Finding> rejected(
            InstanceState instance, Reading<Fields> config, String evidence, String remedy) {
        long rejected = instance.server()
                .optional()
                .map(server -> server.growth().of("rejected_connections"))
                .orElse(0L);
        if (rejected == 0) {
            return Optional.empty();
        }
        boolean perhapsOthers =
                config.optional().filter(c -> c.is("protected-mode", "yes")).isPresent()
                        && instance.server()
                                .optional()
                                .map(ServerState::passwordAsked)
                                .flatMap(Reading::optional)
                                .filter(asked -> !asked)
                                .isPresent();
        return Optional.of(Finding.degraded(
                "INFO: rejected_connections has grown by " + rejected + " within ten minutes, " + evidence,
                perhapsOthers
                        ? "clients were turned away for want of room, unless protected-mode has turned other hosts away"
                        : "clients were turned away for want of room",
                remedy));
    }

    /**
     * Redis lowers maxclients when it starts, where it may not open as many files, and says so in its log alone
     * (adjustOpenFilesLimit of server.c).
     */
    private static Optional<Finding> files(InstanceState instance, Commands commands, long max) {
        Optional<UnitState> unit = instance.unit().flatMap(Reading::optional);
        Optional<Long> seen = instance.openFiles().optional();
        // The daemon is not shown another user's process; what systemd gave it is its bound, up to which Redis goes.
        Optional<Long> limit = seen.or(
                () -> unit.flatMap(state -> state.openFiles().stream().boxed().findFirst()));
        long wanted = instance.confFile()
                .optional()
                .map(file -> file.number("maxclients").orElse(DEFAULT))
                .orElse(max);
        boolean lowered =
                max < wanted && limit.map(files -> files - RESERVED < wanted).orElse(false);
        boolean tooFew = limit.filter(files -> files < max).isPresent();
        if (!lowered && !tooFew) {
            return Optional.empty();
        }
        String evidence = limit.map(files -> "the process may open " + files + " files ("
                        + (seen.isPresent() ? "/proc/PID/limits" : "LimitNOFILE of " + instance.unitName()) + "), ")
                .orElse("");
        return Optional.of(Finding.degraded(
                evidence + "CONFIG maxclients is " + max + (lowered ? ", where redis.conf asks for " + wanted : ""),
                lowered
                        ? "Redis has lowered it to what its limit of open files allows"
                        : "connections are refused before maxclients is reached",
                moreFiles(instance, Math.max(wanted, max)) + " && "
                        + commands.setNow("maxclients", Long.toString(Math.max(wanted, max)))));
    }

    /** redis-cli is a new connection as well, and would be refused. */
    private static String makeRoom(InstanceState instance, long max) {
        Commands commands = Commands.of(instance);
        String raise = raise(instance, commands, max);
        return instance.unit().isPresent()
                ? commands.restart() + " && " + raise
                : raise + " # once it was restarted where it runs, or clients have left";
    }

    private static String raise(InstanceState instance, Commands commands, long max) {
        long more = max > Long.MAX_VALUE / 4 ? max : max * 2;
        String files =
                more + RESERVED > USUAL_FILES && instance.unit().isPresent() ? moreFiles(instance, more) + " && " : "";
        return files + commands.set("maxclients", Long.toString(more));
    }

    /** For those to come, and for the process that runs; restarted only where root may not do so (in a container). */
    private static String moreFiles(InstanceState instance, long clients) {
        long files = Math.max(USUAL_FILES, clients + RESERVED);
        String unit = instance.unitName();
        String pid = instance.unit()
                .flatMap(Reading::optional)
                .map(UnitState::mainPid)
                .filter(main -> main > 0)
                .map(String::valueOf)
                .orElse("$(systemctl show --value -p MainPID " + Commands.word(unit) + ")");
        Commands commands = Commands.of(instance);
        boolean plain = commands.restart().equals(commands.systemctl("restart"));
        return "printf '[Service]\\nLimitNOFILE=" + files + "\\n' | sudo install -D -m 0644 /dev/stdin "
                + Commands.word("/etc/systemd/system/" + unit + ".d/60-open-files.conf")
                + " && sudo systemctl daemon-reload && "
                // A restart that would lose data is not what comes by itself after a failure.
                + (plain ? "{ " : "") + "sudo prlimit --pid " + pid + " --nofile=" + files
                + (plain ? " || " + commands.restart() + "; }" : "");
    }
}
