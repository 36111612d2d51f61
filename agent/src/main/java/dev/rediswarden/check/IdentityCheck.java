package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who answers is who systemd started, on its sockets and its data alike.
 *
 * @param settledAfter how long a unit must have been as it is: INFO is read less often than the unit
 */
record IdentityCheck(Duration settledAfter) implements Check {

    static final Duration SETTLED_AFTER = Duration.ofSeconds(25);

    /** Between a file's time and INFO's, which is in whole seconds and of a moment before or after. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** What clients get for that name. */
    private static final Set<String> LOCALHOST = Set.of("127.0.0.1", "[::1]");

    private static final String NEVER_A_REPLICA = "0".repeat(40);

    @Override
    public String name() {
        return "identity";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return instance.unit()
                .map(reading -> reading.fold(
                        unit -> judge(unit, instance, snapshot), unknown -> Verdict.of(notKnown(unknown.detail()))))
                .orElse(Verdict.off("no unit is configured for this instance"));
    }

    /** Of several instances it looks at the others' data as well. */
    @Override
    public boolean isLasting(InstanceState instance, Snapshot snapshot) {
        return snapshot.instances().size() == 1
                && instance.unit().isPresent()
                && instance.unit().get() instanceof Reading.Known<UnitState> known
                && !isSettling(known.value(), snapshot);
    }

    private boolean isSettling(UnitState unit, Snapshot snapshot) {
        return Duration.between(unit.stateChangedAt(), snapshot.takenAt()).compareTo(settledAfter) < 0;
    }

    private Verdict judge(UnitState unit, InstanceState instance, Snapshot snapshot) {
        boolean settling = isSettling(unit, snapshot);
        List<Finding> findings = new ArrayList<>();
        if (!settling) {
            addForeignSockets(findings, unit, instance, snapshot);
        }
        addSharedData(findings, instance, snapshot);
        if (instance.ping() instanceof Reading.Unknown<Ping> unknown) {
            findings.add(notKnown(unknown.detail()));
        }
        if (instance.isSilent()) {
            findings.add(Asked.WAITS);
            return Verdict.of(findings, "");
        }
        return answering(findings, unit, instance, snapshot, settling);
    }

    /** What root listens with may be Docker itself, which publishes the ports of containers. */
    private static String end(InstanceState instance, Snapshot snapshot) {
        Set<Integer> ports = Ports.configured(instance);
        boolean root = snapshot.listeners().optional().orElse(List.of()).stream()
                .anyMatch(socket -> ports.contains(socket.port()) && socket.uid() == 0);
        Commands commands = Commands.of(instance);
        return root ? commands.nameOthers(instance) : commands.endOthers(instance);
    }

    private static Verdict answering(
            List<Finding> findings, UnitState unit, InstanceState instance, Snapshot snapshot, boolean settling) {
        String unsettled = unit.id() + " changed its state lately, and INFO was not read since for sure";
        OptionalLong answering =
                instance.server().fold(server -> server.info().number("process_id"), unknown -> OptionalLong.empty());
        if (answering.orElse(0) <= 0) {
            if (!settling || instance.server().optional().isPresent()) {
                findings.add(notKnown(
                        instance.server().fold(server -> "INFO has no process_id", unknown -> unknown.detail())));
            }
            return Verdict.of(findings, unsettled);
        }
        long pid = answering.orElseThrow();
        if (pid != unit.mainPid() && !settling) {
            String runs = unit.mainPid() == 0
                    ? unit.id() + " is " + unit.activeState() + " and runs none"
                    : "MainPID of " + unit.id() + " is " + unit.mainPid();
            findings.add(Finding.unhealthy(
                    "INFO's process_id is " + pid + ", and " + runs,
                    "another server than systemd's has the address: it is not restarted, and its data may be elsewhere",
                    // Its number is its own word, and may be one of a container's: who is ended is whom the kernel
                    // names.
                    end(instance, snapshot)));
        }
        return Verdict.of(
                findings,
                pid == unit.mainPid() ? "process " + pid + " answers, which " + unit.id() + " runs" : unsettled);
    }

    /** A socket on Redis's port that another user's process holds: on another address, or in Redis's place. */
    private static void addForeignSockets(
            List<Finding> findings, UnitState unit, InstanceState instance, Snapshot snapshot) {
        boolean dead = unit.mainPid() == 0 && instance.isSilent();
        if (!dead && unit.user().isEmpty()) {
            return;
        }
        Set<Integer> ports = Ports.configured(instance);
        String asked = host(instance.ping().optional().map(Ping::address).orElse(""));
        String foreign = snapshot.listeners().optional().orElse(List.of()).stream()
                .filter(socket -> ports.contains(socket.port()))
                // On another address of the host it may well be a proxy's, or a server that is meant to be there.
                .filter(socket -> LOCALHOST.contains(host(socket.toString()))
                        || host(socket.toString()).equals(asked)
                        || socket.local().getAddress().isAnyLocalAddress())
                .filter(socket -> snapshot.instances().stream().noneMatch(other -> isOf(other, socket)))
                .filter(socket -> dead || socket.uid() != unit.user().orElseThrow())
                .map(socket -> socket + " (user " + socket.uid() + ")")
                .collect(Collectors.joining(", "));
        if (!foreign.isEmpty()) {
            findings.add(Finding.unhealthy(
                    "/proc/net/tcp: " + foreign + " is listened on by another's process, "
                            + (dead
                                    ? "and " + unit.id() + " runs none"
                                    : "and " + unit.id() + " runs as user "
                                            + unit.user().orElseThrow()),
                    dead
                            ? "Redis cannot start there, and who connects talks to the other"
                            : "who connects there talks to the other: localhost may be either address",
                    end(instance, snapshot)));
        }
    }

    private static String host(String address) {
        return address.substring(0, Math.max(address.lastIndexOf(':'), 0));
    }

    /** Whether it is where another server is watched, and that one's user holds it. */
    private static boolean isOf(InstanceState other, Listener socket) {
        return other.ping()
                        .optional()
                        .filter(ping -> ping.address().equals(socket.toString()))
                        .isPresent()
                && other.unit()
                        .flatMap(Reading::optional)
                        .filter(unit -> unit.user().equals(OptionalInt.of(socket.uid())))
                        .isPresent();
    }

    /** Another server that writes the same dump: by the configuration of both, or by the file's time. */
    private static void addSharedData(List<Finding> findings, InstanceState instance, Snapshot snapshot) {
        Optional<String> data = dump(instance);
        data.ifPresent(path -> snapshot.instances().stream()
                .filter(other -> !other.name().equals(instance.name()) && !isSameServer(instance, other))
                .filter(other -> dump(other).equals(data))
                .findFirst()
                .ifPresent(other -> findings.add(Finding.unhealthy(
                        "CONFIG dir and dbfilename of " + instance.name() + " and of " + other.name() + " are both "
                                + path,
                        "whichever saves last replaces the other's data",
                        // Redis 7 lets it be changed by its file alone.
                        "sudoedit " + Commands.of(other).confFile() + " && "
                                + Commands.of(other).restart() + " # with dbfilename dump-" + other.name()
                                + ".rdb, after a copy of " + Commands.word(path)))));
        instance.server()
                .optional()
                .map(ServerState::info)
                .flatMap(info -> written(instance, info))
                .ifPresent(findings::add);
    }

    private static boolean isSameServer(InstanceState one, InstanceState other) {
        Optional<String> run = runId(one);
        return run.isPresent() && run.equals(runId(other));
    }

    private static Optional<String> runId(InstanceState instance) {
        return instance.server().optional().flatMap(server -> server.info().text("run_id"));
    }

    private static Optional<String> dump(InstanceState instance) {
        return instance.unit().isEmpty()
                ? Optional.empty()
                : instance.server()
                        .optional()
                        .flatMap(server -> server.config().optional())
                        .flatMap(config -> config.text("dir")
                                .map(dir ->
                                        dir + "/" + config.text("dbfilename").orElse("dump.rdb")));
    }

    /** The dump is newer than this server's last save. A replica's sync writes it too, so not for one that was one. */
    private static Optional<Finding> written(InstanceState instance, Fields info) {
        OptionalLong now = info.number("server_time_usec");
        OptionalLong saved = info.number("rdb_last_save_time");
        boolean master = info.is("role", "master") && info.is("master_replid2", NEVER_A_REPLICA);
        if (now.isEmpty() || saved.isEmpty() || !master || info.is("rdb_bgsave_in_progress", "1")) {
            return Optional.empty();
        }
        return instance.files()
                .optional()
                .flatMap(look -> look.files().rdb())
                .filter(rdb -> rdb.modifiedAt().getEpochSecond() > saved.getAsLong() + SLACK.toSeconds())
                .filter(rdb -> rdb.modifiedAt().getEpochSecond() < now.getAsLong() / 1_000_000 - SLACK.toSeconds())
                .map(rdb -> Finding.unhealthy(
                        rdb.path() + " was written at " + rdb.modifiedAt().truncatedTo(ChronoUnit.SECONDS)
                                + ", and this server last saved at " + Instant.ofEpochSecond(saved.getAsLong())
                                + " (INFO rdb_last_save_time)",
                        "another process writes to its data: a restart loads the other's, the next save replaces it",
                        Commands.of(instance).whoIsIn(rdb.path()) + "; sudo cp -a --backup=numbered "
                                + Commands.word(rdb.path()) + " " + Commands.word(rdb.path() + ".other") + " && "
                                + Commands.of(instance).cli() + " BGSAVE"));
    }

    private static Finding notKnown(String why) {
        return Finding.unknown(
                why,
                "whether systemd's own server answers is not known",
                "sudo journalctl -u redis-warden.service -n 50");
    }
}
