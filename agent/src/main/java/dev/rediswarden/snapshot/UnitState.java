package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A unit as systemd knows it; words are systemd's own (org.freedesktop.systemd1(5)).
 *
 * @param id the unit's real name: {@code redis.service} asked for resolves to {@code redis-server.service}
 * @param loadState loaded, not-found, masked, bad-setting, error, …
 * @param unitFileState enabled, disabled, static, masked, generated, …; empty where there is no unit file
 * @param activeState active, reloading, inactive, failed, activating, deactivating
 * @param subState running, dead, auto-restart, stop-sigterm, …
 * @param result success, exit-code, signal, core-dump, watchdog, timeout, oom-kill, start-limit-hit, …
 * @param restart when systemd restarts it by itself: no, always, on-failure, …
 * @param activeEnteredMicros when it last became active, on the kernel's monotonic clock; 0 where not since the boot
 * @param mainPid 0 where there is none
 * @param user number of the user that it runs as; empty where it does not run, or runs as root
 * @param restartsInWindow automatic restarts that were seen within the last ten minutes
 * @param stateChangedAt when ActiveState or SubState last changed
 * @param wantedBy units whose start pulls this one in (WantedBy and RequiredBy of the loaded graph)
 * @param memoryMax bytes at which the kernel kills in its control group; empty for no limit of its own
 * @param memoryHigh bytes from which on the kernel slows its processes down to take memory back; empty likewise
 * @param openFiles how many files, sockets among them, a process of it may open at most (LimitNOFILE); empty for no limit
 */
public record UnitState(
        String id,
        String loadState,
        String unitFileState,
        String activeState,
        String subState,
        String result,
        String restart,
        long activeEnteredMicros,
        long mainPid,
        OptionalInt user,
        long restartsInWindow,
        boolean needDaemonReload,
        Instant stateChangedAt,
        List<String> wantedBy,
        OptionalLong memoryMax,
        OptionalLong memoryHigh,
        OptionalLong openFiles) {

    /**
     * Values of UnitFileState with which a unit is pulled in at boot, or that say nothing about it (systemctl(1)).
     * Linked and indirect are none: such a unit starts only where another one wants it.
     */
    private static final Set<String> STARTS_AT_BOOT = Set.of("enabled", "static", "generated", "alias");

    /** Systemd's words are harmless; who answers on a bus may not be it. */
    public UnitState {
        id = Untrusted.line(id);
        loadState = Untrusted.line(loadState);
        unitFileState = Untrusted.line(unitFileState);
        activeState = Untrusted.line(activeState);
        subState = Untrusted.line(subState);
        result = Untrusted.line(result);
        restart = Untrusted.line(restart);
        wantedBy = List.copyOf(wantedBy);
    }

    /** A service that wants it may not be started at the boot itself, and our own drop-ins make such: a target counts. */
    public boolean startsAtBoot() {
        return !unitFileState.startsWith("masked")
                && (STARTS_AT_BOOT.contains(unitFileState)
                        || wantedBy.stream().anyMatch(wanting -> wanting.endsWith(".target")));
    }
}
