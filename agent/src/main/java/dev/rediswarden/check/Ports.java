package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.util.Set;
import java.util.TreeSet;

/** The TCP ports that a server listens on by all that is known of it: plain, TLS and the cluster's bus. */
final class Ports {

    private static final int CLUSTER_BUS_OFFSET = 10_000;

    private Ports() {}

    static Set<Integer> of(InstanceState instance) {
        Set<Integer> ports = new TreeSet<>();
        instance.ping().optional().map(Ping::address).ifPresent(address -> addPort(ports, address));
        instance.server().optional().map(ServerState::info).ifPresent(info -> addNumber(ports, info, "tcp_port"));
        instance.server()
                .optional()
                .map(ServerState::config)
                .flatMap(Reading::optional)
                .or(() -> instance.confFile().optional())
                .ifPresent(config -> {
                    addNumber(ports, config, "port");
                    addNumber(ports, config, "tls-port");
                    addClusterBus(ports, config);
                });
        return ports;
    }

    /** Those that it was configured with: a server's own word may be an impostor's, and names whom a remedy ends. */
    static Set<Integer> configured(InstanceState instance) {
        Set<Integer> ports = new TreeSet<>();
        instance.ping().optional().map(Ping::address).ifPresent(address -> addPort(ports, address));
        instance.confFile().optional().ifPresent(file -> {
            addNumber(ports, file, "port");
            addNumber(ports, file, "tls-port");
        });
        return ports;
    }

    private static void addPort(Set<Integer> ports, String address) {
        String port = address.substring(address.lastIndexOf(':') + 1);
        if (!port.isEmpty() && port.length() <= 5 && port.chars().allMatch(c -> c >= '0' && c <= '9')) {
            ports.add(Integer.parseInt(port));
        }
    }

    private static void addNumber(Set<Integer> ports, Fields fields, String name) {
        fields.number(name).ifPresent(port -> {
            if (port > 0) {
                ports.add((int) port);
            }
        });
    }

    /** Where it is not set, 10000 above the port (https://redis.io/docs/reference/cluster-spec/). */
    private static void addClusterBus(Set<Integer> ports, Fields config) {
        if (config.is("cluster-enabled", "yes")) {
            addNumber(ports, config, "cluster-port");
            Set.copyOf(ports).stream()
                    .map(port -> port + CLUSTER_BUS_OFFSET)
                    .filter(port -> port <= 65_535)
                    .forEach(ports::add);
        }
    }
}
