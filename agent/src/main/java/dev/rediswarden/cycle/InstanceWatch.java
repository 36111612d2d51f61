package dev.rediswarden.cycle;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Forecast;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.snapshot.Verification;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The watches of one instance. */
public record InstanceWatch(
        String name,
        Policy policy,
        Watch<Ping> ping,
        Optional<Watch<UnitState>> unit,
        Watch<ServerState> server,
        Watch<Fields> confFile,
        Watch<DataFiles.Look> files,
        Watch<Long> openFiles,
        Watch<Verification> verification,
        Optional<Watch<Forecast>> forecast,
        Optional<SwarmWatch> swarm) {

    List<Watch<?>> fast() {
        return Stream.concat(Stream.of(ping), unit.stream())
                .<Watch<?>>map(w -> w)
                .toList();
    }

    List<Watch<?>> slow() {
        return Stream.of(
                        Stream.<Watch<?>>of(server, confFile, files, openFiles, verification),
                        forecast.<Watch<?>>map(watch -> watch).stream(),
                        swarm.<Watch<?>>map(SwarmWatch::service).stream())
                .flatMap(watches -> watches)
                .toList();
    }

    InstanceState state() {
        return new InstanceState(
                name,
                policy,
                unit.map(Watch::reading),
                ping.reading(),
                server.reading(),
                confFile.reading(),
                files.reading(),
                openFiles.reading(),
                verification.reading(),
                forecast.map(Watch::reading).orElse(Forecast.NOT_DRAWN),
                swarm.map(SwarmWatch::state));
    }
}
