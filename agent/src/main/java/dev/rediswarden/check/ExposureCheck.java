package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmNetwork;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmService.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Only the services in its networks can connect, and each of them is named. */
record ExposureCheck() implements Check {

    @Override
    public String name() {
        return "exposure";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return InSwarm.service(instance, (service, commands) -> {
            List<Finding> findings = new ArrayList<>();
            Optional<Boolean> password = password(instance);
            if (!service.ports().isEmpty()) {
                findings.add(published(service, password, commands));
            }
            return service.networks()
                    .fold(
                            networks -> {
                                networks.forEach(network -> addNetwork(findings, network, password, commands));
                                return Verdict.of(findings, allWell(networks));
                            },
                            unknown -> {
                                findings.add(Finding.unknown(
                                        "its networks are not known (" + unknown.detail() + ")",
                                        "who can connect is not known",
                                        "docker service inspect --pretty " + service.name()));
                                return Verdict.of(findings, "");
                            });
        });
    }

    private static Finding published(SwarmService service, Optional<Boolean> password, ServiceCommands commands) {
        List<String> ports = service.ports().stream().map(ExposureCheck::told).toList();
        String remedy = commands.update(service.ports().stream()
                .map(port -> "--publish-rm " + port.target())
                .distinct()
                .collect(Collectors.joining(" ")));
        String evidence = "docker service: " + String.join(", ", ports);
        return password.map(asked -> asked
                        ? Finding.degraded(evidence, "other hosts can connect past ufw, and try passwords", remedy)
                        : Finding.unhealthy(evidence, "anyone who reaches a node has all data, no password", remedy))
                .orElseGet(() -> Finding.unhealthy(
                        evidence,
                        "other hosts can connect past ufw, and whether a password is asked is not known",
                        remedy));
    }

    private static String told(Port port) {
        return "port " + port.target() + " is published as " + (port.published() > 0 ? port.published() : "some port")
                + (port.host() ? " by the node that runs it" : " by every node (ingress)");
    }

    private static void addNetwork(
            List<Finding> findings, SwarmNetwork network, Optional<Boolean> password, ServiceCommands commands) {
        boolean open = password.filter(asked -> !asked).isPresent();
        if (network.driver().equals("host")) {
            String evidence = "its task is in the network of its node (host)";
            String remedy = commands.update("--network-rm " + network.name()) + " # after --network-add of an overlay";
            findings.add(
                    open
                            ? Finding.unhealthy(evidence, "it listens where the node does, no password", remedy)
                            : Finding.degraded(evidence, "it listens where the node does", remedy));
        } else if (open && (network.attachable() || !network.others().isEmpty())) {
            findings.add(Finding.degraded(
                    "no password is asked, and in " + described(network),
                    "whoever breaks into one of them has all data",
                    "docker service inspect --pretty " + commands.service()
                            + " # then deploy it with a password from a secret, as"
                            + " /usr/share/doc/redis-warden/swarm.md has it"));
        }
    }

    private static String allWell(List<SwarmNetwork> networks) {
        return "no port is published; "
                + (networks.isEmpty()
                        ? "it is in no network of the Swarm"
                        : networks.stream()
                                .map(network -> "in " + described(network))
                                .collect(Collectors.joining("; ")));
    }

    private static String described(SwarmNetwork network) {
        int shown = 8;
        List<String> others = network.others();
        String names = others.isEmpty()
                ? "no other service"
                : others.stream().limit(shown).collect(Collectors.joining(", "))
                        + (others.size() > shown ? " and " + (others.size() - shown) + " more" : "");
        return network.name() + ": " + names
                + (network.attachable() ? ", and any container that is attached by hand" : "");
    }

    private static Optional<Boolean> password(InstanceState instance) {
        return instance.server().optional().map(ServerState::passwordAsked).flatMap(Reading::optional);
    }
}
