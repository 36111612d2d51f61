package dev.rediswarden.check;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmState;
import java.util.Optional;
import java.util.function.BiFunction;

/** The way of a check to what the Swarm says of a service; without it, the verdict is unknown with what to grant. */
final class InSwarm {

    private InSwarm() {}

    static Verdict service(InstanceState instance, BiFunction<SwarmService, ServiceCommands, Verdict> judge) {
        SwarmState swarm = instance.swarm().orElseThrow();
        ServiceCommands commands = new ServiceCommands(swarm.service());
        return swarm.found()
                .fold(
                        found -> found.map(service -> judge.apply(service, commands))
                                .orElseGet(() -> Verdict.of(absent(swarm))),
                        unknown -> Verdict.of(notKnown(unknown, swarm)));
    }

    private static Finding absent(SwarmState swarm) {
        return Finding.unhealthy(
                "the Swarm has no service " + swarm.service() + " ("
                        + swarm.engine().door().text() + ")",
                "nothing runs Redis, and nothing would start it",
                "docker service ls; " + Commands.configure("service = \"…\", or deploy it anew"));
    }

    private static Finding notKnown(Unknown<Optional<SwarmService>> unknown, SwarmState swarm) {
        return Finding.unknown(
                "Docker could not be asked (" + unknown.detail() + ")",
                "how the Swarm runs " + swarm.service() + " is not known",
                grant(unknown, swarm.engine()));
    }

    /** The group docker is root by another name: what lets GET through alone is proposed instead. */
    private static String grant(Unknown<?> unknown, Engine engine) {
        String here = engine.door() instanceof Engine.Unix unix
                ? "ls -l " + Commands.word(unix.socket()) + "; systemctl status docker.service"
                : "docker node ls; sudo journalctl -u redis-warden.service -n 50";
        return switch (unknown.cause()) {
            case DENIED ->
                engine.door() instanceof Engine.Unix
                        ? Commands.configure("[docker] host = \"…\": a proxy that lets GET through alone, as"
                                + " /usr/share/doc/redis-warden/swarm.md has it")
                        : "docker service logs --tail 50 docker_proxy # what is asked: GET of /version, /services,"
                                + " /tasks, /nodes, /networks, /containers";
            case UNSUPPORTED -> "docker version";
            case UNAVAILABLE ->
                unknown.detail().contains("swarm manager")
                        ? Commands.configure("[docker] host = \"…\": a manager's, docker node ls on one names them")
                        : here;
            default -> here;
        };
    }
}
