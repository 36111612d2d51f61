package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Only this host can connect. The kernel's list of listening sockets is the proof; CONFIG's {@code bind} is what was
 * wished for, and is told where it says otherwise.
 */
record BindingCheck() implements Check {

    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "::1");

    @Override
    public String name() {
        return "binding";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        if (instance.swarm().isPresent()) {
            return Verdict.off("its sockets are its container's: who can connect is told by the check exposure");
        }
        return snapshot.listeners()
                .fold(
                        listeners -> judge(instance, listeners),
                        unknown -> Verdict.of(Finding.unknown(
                                "the host's sockets could not be read (" + unknown.detail() + ")",
                                "who can connect is not known",
                                "sudo ss -ltnp")));
    }

    private static Verdict judge(InstanceState instance, List<Listener> listeners) {
        Set<Integer> ports = Ports.of(instance);
        // The same port here is another server's.
        List<Listener> own = instance.isElsewhere()
                ? List.of()
                : listeners.stream().filter(l -> ports.contains(l.port())).toList();
        List<Listener> exposed = own.stream().filter(l -> !l.isLoopback()).toList();
        List<Finding> findings = new ArrayList<>();
        List<Listener> others =
                exposed.stream().filter(socket -> isOfOther(instance, socket)).toList();
        List<Listener> ours =
                exposed.stream().filter(socket -> !others.contains(socket)).toList();
        if (!ours.isEmpty()) {
            findings.add(exposed(instance, ours));
        }
        if (!others.isEmpty()) {
            findings.add(published(instance, others));
        }
        config(instance).ifPresent(config -> addConfigured(findings, instance, config, exposed));
        if (own.isEmpty() && instance.isSilent()) {
            findings.add(Finding.unknown(
                    "nothing listens on " + told(ports), "who can connect is known once Redis runs", "sudo ss -ltn"));
        } else if (own.isEmpty() && !isOnSocketFile(instance)) {
            findings.add(Finding.unknown(
                    "Redis answers, and no socket of this host listens on " + told(ports) + " (/proc/net/tcp)",
                    "it runs on another host or in a container, and who can connect to it is not known",
                    Commands.configure("[redis.checks] binding = \"off\"")));
        }
        if (!arePortsTold(instance)) {
            findings.add(Finding.unknown(
                    "neither CONFIG GET nor redis.conf is known",
                    "whether it listens on other ports too, for TLS or the cluster, is not known",
                    instance.server()
                            .fold(
                                    server -> server.config()
                                            .fold(
                                                    config -> Commands.of(instance)
                                                                    .cli() + " CONFIG GET '*port'",
                                                    Commands.of(instance)::allowConfigGet),
                                    Commands.of(instance)::allowConfigGet)));
        }
        return Verdict.of(findings, allWell(own));
    }

    private static String told(Set<Integer> ports) {
        return (ports.size() > 1 ? "ports " : "port ")
                + ports.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static boolean isOnSocketFile(InstanceState instance) {
        return instance.ping()
                .optional()
                .filter(ping -> ping.address().startsWith("unix:"))
                .isPresent();
    }

    private static boolean arePortsTold(InstanceState instance) {
        return instance.isSilent()
                || config(instance).filter(BindingCheck::arePortsTold).isPresent()
                || instance.confFile().optional().isPresent();
    }

    /** A server that was built without TLS has no port for it. */
    private static boolean arePortsTold(Fields config) {
        return config.number("port").isPresent()
                && (config.text("tls-port").isEmpty()
                        || config.number("tls-port").isPresent());
    }

    private static String allWell(List<Listener> own) {
        return own.isEmpty() ? "no TCP socket, a unix socket alone" : "listens on " + join(own) + " alone";
    }

    private static Finding exposed(InstanceState instance, List<Listener> exposed) {
        String said = config(instance)
                .flatMap(config -> config.text("bind"))
                .filter(bind -> isLoopback(bind))
                .map(bind -> ", while CONFIG bind says " + bind)
                .orElse("");
        String evidence = "listens on " + join(exposed) + " (/proc/net/tcp)" + said;
        String remedy = closeToOthers(instance);
        return passwordAsked(instance)
                .map(asked -> asked
                        ? Finding.degraded(evidence, "other hosts can connect, and try passwords", remedy)
                        : Finding.unhealthy(
                                evidence,
                                isProtected(instance)
                                        ? "no password is asked, and protected-mode alone turns other hosts away"
                                        : "anyone who reaches this host has all data, no password",
                                remedy))
                .orElse(Finding.unhealthy(
                        evidence, "other hosts can connect, and whether a password is asked is not known", remedy));
    }

    /** Not of the unit's own process; where no unit is watched, of root's, which publishes the ports of containers. */
    private static boolean isOfOther(InstanceState instance, Listener socket) {
        return instance.unit()
                .map(unit -> unit.optional()
                        .flatMap(state -> state.user().stream().boxed().findFirst())
                        .filter(user -> user != socket.uid())
                        .isPresent())
                .orElse(socket.uid() == 0);
    }

    /** The bind of a server is not what opens these, and does not close them either. */
    private static Finding published(InstanceState instance, List<Listener> sockets) {
        String port = String.valueOf(sockets.get(0).port());
        String evidence = (instance.unit().isEmpty() ? "" : "beside " + instance.unitName() + ", ") + "user "
                + sockets.get(0).uid() + " listens on " + join(sockets) + " (/proc/net/tcp)";
        String consequence =
                "a port that a container publishes, or a proxy: Docker lets other hosts in before ufw is asked";
        String remedy = "sudo ss -ltnp 'sport = :" + port + "'; sudo docker ps --filter publish=" + port
                + " # then publish it as 127.0.0.1:" + port + ", or not at all";
        return passwordAsked(instance).orElse(false)
                ? Finding.degraded(evidence, consequence + ", and they try passwords", remedy)
                : Finding.unhealthy(evidence, consequence, remedy);
    }

    /** CONFIG SET bind came with Redis 7, and so did a protected mode that minds no bind. */
    private static String closeToOthers(InstanceState instance) {
        Commands commands = Commands.of(instance);
        return isBefore7(instance)
                ? "sudo sed -i -e '1i bind 127.0.0.1' -e '/^[[:space:]]*bind[[:space:]]/Id' " + commands.confFile()
                        + " && " + commands.restart()
                : commands.set("bind", "'127.0.0.1 -::1'");
    }

    private static boolean isProtected(InstanceState instance) {
        return !isBefore7(instance)
                && config(instance).filter(c -> c.is("protected-mode", "yes")).isPresent();
    }

    private static boolean isBefore7(InstanceState instance) {
        return instance.server().optional().filter(server -> server.isBefore(7)).isPresent();
    }

    private static void addConfigured(
            List<Finding> findings, InstanceState instance, Fields config, List<Listener> exposed) {
        Optional<String> bind = config.text("bind");
        boolean tcp =
                config.number("port").orElse(0) + config.number("tls-port").orElse(0) > 0;
        if (tcp && exposed.isEmpty() && bind.isPresent() && !isLoopback(bind.get())) {
            findings.add(Finding.degraded(
                    "CONFIG bind is '" + bind.get() + "', while no socket outside loopback is open (/proc/net/tcp)",
                    "the next start, or the next interface, opens it",
                    closeToOthers(instance)));
        }
        if (config.is("protected-mode", "no")
                && passwordAsked(instance).filter(asked -> !asked).isPresent()) {
            findings.add(Finding.degraded(
                    "CONFIG protected-mode is no, and no password is asked",
                    "one change of bind away from open to everyone",
                    Commands.of(instance).set("protected-mode", "yes")));
        }
    }

    /** An empty bind opens no TCP socket since Redis 6.2; before, every one, which the sockets then show. */
    private static boolean isLoopback(String bind) {
        return bind.isBlank()
                || Arrays.stream(bind.strip().split("\\s+", -1))
                        .map(address -> address.startsWith("-") ? address.substring(1) : address)
                        .allMatch(address -> LOOPBACK_NAMES.contains(address) || address.startsWith("127."));
    }

    private static Optional<Fields> config(InstanceState instance) {
        return instance.server().optional().map(ServerState::config).flatMap(Reading::optional);
    }

    private static Optional<Boolean> passwordAsked(InstanceState instance) {
        return instance.server().optional().map(ServerState::passwordAsked).flatMap(Reading::optional);
    }

    private static String join(List<Listener> listeners) {
        return listeners.stream().map(Listener::toString).distinct().collect(Collectors.joining(", "));
    }
}
