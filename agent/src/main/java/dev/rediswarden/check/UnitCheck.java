package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** systemd runs it, will keep it running, and starts it at the next boot. */
record UnitCheck(Duration stuckAfter) implements Check {

    static final Duration STUCK_AFTER = Duration.ofSeconds(30);

    private static final String LACK_OF_MEMORY = "sudo journalctl -k -g 'out of memory' -n 20; free -m";

    @Override
    public String name() {
        return "unit";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return instance.unit()
                .map(reading ->
                        reading.fold(unit -> judge(unit, instance, snapshot), unknown -> Verdict.of(notKnown(unknown))))
                .orElse(Verdict.off("no unit is configured for this instance"));
    }

    /** Not while it is told how long a stop, or a pause, has lasted. */
    @Override
    public boolean isLasting(InstanceState instance, Snapshot snapshot) {
        return instance.unit().isPresent()
                && instance.unit().get() instanceof Reading.Known<UnitState> known
                && known.value().activeState().equals("active")
                && paused(snapshot).isEmpty();
    }

    private static Finding notKnown(Reading.Unknown<UnitState> unknown) {
        return Finding.unknown(
                "systemd could not be asked (" + unknown.detail() + ")",
                "whether the unit is kept running is not known",
                "systemctl status dbus.service; sudo journalctl -u redis-warden.service -n 50");
    }

    private Verdict judge(UnitState unit, InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        List<Finding> findings = new ArrayList<>();
        if (isUnusable(unit)) {
            findings.add(Finding.unhealthy(describe(unit), "systemd cannot start it", remedy(unit, commands)));
        } else {
            addState(findings, unit, instance, snapshot, commands);
            addLasting(findings, unit, failure(unit, snapshot), commands);
            addRestarts(findings, unit, oomKills(snapshot), commands);
        }
        String paused = paused(snapshot).map(text -> "; redis-warden, " + text).orElse("");
        return Verdict.of(findings, describe(unit) + ", " + unit.unitFileState() + paused);
    }

    private void addState(
            List<Finding> findings, UnitState unit, InstanceState instance, Snapshot snapshot, Commands commands) {
        switch (unit.activeState()) {
            case "active", "reloading", "refreshing" -> {}
            case "activating" -> {
                boolean crashed = unit.subState().startsWith("auto-restart");
                findings.add(
                        crashed
                                ? Finding.unhealthy(
                                        describe(unit), "it ended and waits for its restart", commands.journal())
                                : Finding.degraded(describe(unit), starting(instance), commands.journal()));
            }
            case "deactivating" -> {
                Duration lasting = Duration.between(unit.stateChangedAt(), snapshot.takenAt());
                boolean stuck = lasting.compareTo(stuckAfter) > 0;
                findings.add(Finding.unhealthy(
                        describe(unit) + (stuck ? " for " + lasting.toSeconds() + " s" : ""),
                        stuck ? "the stop is stuck, and no start is possible until it ends" : "it is being stopped",
                        stuck ? commands.systemctl("kill --signal=SIGKILL") : commands.systemctl("status")));
            }
            default ->
                findings.add(Finding.unhealthy(
                        describe(unit), "it is not running" + stewardship(unit, snapshot), remedy(unit, commands)));
        }
    }

    /** What redis-warden does about it, or why it does nothing. */
    private static String stewardship(UnitState unit, Snapshot snapshot) {
        Stewardship steward = snapshot.stewardship().optional().orElse(Stewardship.NONE);
        if (paused(snapshot).isPresent()) {
            return ", and is not started by redis-warden, " + paused(snapshot).get();
        }
        String failure = failure(unit, snapshot);
        if (!failure.isEmpty()) {
            return failure;
        }
        boolean failed = unit.activeState().equals("failed");
        String left = steward.left().get(unit.id());
        if (failed && left != null) {
            return "; redis-warden leaves it, because " + left;
        }
        boolean stopped = unit.activeState().equals("inactive") && unit.activeEnteredMicros() > 0;
        return stopped ? "; it was stopped, which redis-warden respects until the next boot" : "";
    }

    /** What redis-warden tried about it at its last run, and could not do; empty where there is nothing. */
    private static String failure(UnitState unit, Snapshot snapshot) {
        Stewardship steward = snapshot.stewardship().optional().orElse(Stewardship.NONE);
        return steward.failed().containsKey(unit.id())
                ? steward.trouble(unit.id()).map("; "::concat).orElse("")
                : "";
    }

    private static Optional<String> paused(Snapshot snapshot) {
        return snapshot.stewardship()
                .optional()
                .flatMap(steward -> steward.pausedAt(snapshot.takenAt()))
                .map(until -> "which is paused until " + until.truncatedTo(ChronoUnit.SECONDS));
    }

    private static String starting(InstanceState instance) {
        boolean loading = instance.ping()
                .optional()
                .filter(p -> p.outcome() == Ping.Outcome.LOADING)
                .isPresent();
        return loading ? "it starts, and loads its dataset" : "it is being started";
    }

    private static void addLasting(List<Finding> findings, UnitState unit, String failure, Commands commands) {
        if (unit.unitFileState().startsWith("masked")) {
            findings.add(Finding.unhealthy(
                    unit.id() + " is " + unit.unitFileState(),
                    "once it ends, systemd cannot start it again",
                    unmask(unit, commands)));
        } else if (!unit.startsAtBoot()) {
            findings.add(Finding.degraded(
                    unit.id() + " is "
                            + (unit.unitFileState().isEmpty() ? "without a unit file" : unit.unitFileState())
                            + failure,
                    "it is gone after a reboot",
                    commands.systemctl("enable")));
        }
        if (unit.needDaemonReload()) {
            findings.add(Finding.degraded(
                    unit.id() + " changed on disk (NeedDaemonReload)",
                    "systemd runs it by the old definition",
                    "sudo systemctl daemon-reload"));
        }
    }

    /** By the time that anybody looks, systemd has started it again and its result is success. */
    private static void addRestarts(List<Finding> findings, UnitState unit, long oomKills, Commands commands) {
        long restarts = unit.restartsInWindow();
        if (restarts > 0 && oomKills > 0) {
            findings.add(Finding.degraded(
                    unit.id() + " was restarted by systemd, and the kernel killed " + oomKills
                            + (oomKills == 1 ? " process" : " processes")
                            + " for lack of memory (oom_kill of /proc/vmstat), both within ten minutes",
                    "Redis is what the kernel takes where memory is short, and will be again",
                    LACK_OF_MEMORY + "; " + commands.cli() + " INFO memory"));
        }
        if (restarts > 1) {
            findings.add(Finding.degraded(
                    unit.id() + " was restarted " + restarts + " times in ten minutes (NRestarts)",
                    "it crashes again and again",
                    commands.journal()));
        }
    }

    private static long oomKills(Snapshot snapshot) {
        return snapshot.kernel()
                .optional()
                .flatMap(kernel -> kernel.oomKills().optional())
                .orElse(0L);
    }

    private static boolean isUnusable(UnitState unit) {
        return !unit.loadState().equals("loaded");
    }

    /** {@code redis-server.service is failed/failed (result oom-kill)}. */
    static String describe(UnitState unit) {
        if (isUnusable(unit)) {
            return unit.id() + " is " + unit.loadState();
        }
        String result =
                unit.result().equals("success") || unit.result().isEmpty() ? "" : " (result " + unit.result() + ")";
        return unit.id() + " is " + unit.activeState() + "/" + unit.subState() + result;
    }

    /** A mask in /run is taken away by its own option alone (systemctl(1)). */
    private static String unmask(UnitState unit, Commands commands) {
        return commands.systemctl(unit.unitFileState().equals("masked-runtime") ? "unmask --runtime" : "unmask");
    }

    /** The command for a unit that does not run, by the reason for which it does not. */
    static String remedy(UnitState unit, Commands commands) {
        String start = commands.systemctl("start");
        return switch (unit.loadState()) {
            case "masked" -> unmask(unit, commands) + " && " + start;
            case "not-found" ->
                "sudo apt install " + (unit.id().startsWith("valkey") ? "valkey-server" : "redis-server");
            case "loaded" ->
                switch (unit.result()) {
                    case "start-limit-hit" ->
                        commands.journal() + "; " + commands.systemctl("reset-failed") + " && " + start;
                    case "oom-kill" -> LACK_OF_MEMORY + "; " + start;
                    case "success", "" -> start;
                    default -> commands.journal() + "; " + start;
                };
            default -> "systemd-analyze verify " + unit.id() + "; sudo systemctl daemon-reload && " + start;
        };
    }
}
