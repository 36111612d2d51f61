package dev.rediswarden.snapshot;

import java.util.Optional;

/**
 * Everything that was read of one watched server.
 *
 * @param name the configuration's name for it: {@code main}
 * @param unit the systemd unit that runs it; empty where none is watched (a container's service)
 * @param confFile redis.conf, with its includes, as a restart would load it; no secret in it
 */
public record InstanceState(
        String name,
        Optional<Reading<UnitState>> unit,
        Reading<Ping> ping,
        Reading<ServerState> server,
        Reading<Fields> confFile,
        Reading<DataFiles> files) {}
