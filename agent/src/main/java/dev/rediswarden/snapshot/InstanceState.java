package dev.rediswarden.snapshot;

import java.util.Optional;

/**
 * Everything that was read of one watched server.
 *
 * @param name the configuration's name for it: {@code main}
 * @param policy what is wished of it
 * @param unit the systemd unit that runs it; empty where none is watched (a container's service)
 * @param confFile redis.conf, with its includes, as a restart would load it; no secret in it
 * @param openFiles how many files the server's process may open
 * @param verification what was found in its data files when they were read whole
 * @param forecast what runs out at the rate of the last hours
 * @param swarm the Swarm service that runs it; empty where none is watched
 */
public record InstanceState(
        String name,
        Policy policy,
        Optional<Reading<UnitState>> unit,
        Reading<Ping> ping,
        Reading<ServerState> server,
        Reading<Fields> confFile,
        Reading<DataFiles.Look> files,
        Reading<Long> openFiles,
        Reading<Verification> verification,
        Reading<Forecast> forecast,
        Optional<SwarmState> swarm) {

    /** The unit's resolved name, for commands that an operator is told to run. */
    public String unitName() {
        return unit.flatMap(Reading::optional).map(UnitState::id).orElse("redis-server.service");
    }

    /** True unless the last PING got an answer of any kind: nothing else can be asked then. */
    public boolean isSilent() {
        return ping.fold(Ping::isSilent, unknown -> true);
    }

    /** Run by no unit of this host, and asked at no address that is this host's in any case. */
    public boolean isElsewhere() {
        return unit.isEmpty()
                && ping.optional()
                        .filter(last -> !last.address().matches("unix:.*|(127\\.[0-9.]+|localhost|\\[::1]):\\d+"))
                        .isPresent();
    }
}
