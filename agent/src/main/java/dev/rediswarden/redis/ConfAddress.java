package dev.rediswarden.redis;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Where a server with a given redis.conf listens, seen from its own host. */
final class ConfAddress {

    static final Address DEFAULT = new Address.Tcp("127.0.0.1", 6379, false);

    private ConfAddress() {}

    /** The plain port; where that is 0, the unix socket; where there is none, the TLS port. */
    static Address of(RedisConf conf) {
        int port = port(conf, "port", 6379);
        int tlsPort = port(conf, "tls-port", 0);
        Optional<String> socket = conf.text("unixsocket");
        if (port == 0 && socket.isPresent()) {
            // The server makes it after it went to its data directory.
            return new Address.Unix(Path.of(conf.text("dir").orElse("/")).resolve(socket.get()));
        }
        return new Address.Tcp(host(conf), port == 0 && tlsPort > 0 ? tlsPort : port, port == 0 && tlsPort > 0);
    }

    /** The first bound address that this host reaches in any case; any address at all before none. */
    private static String host(RedisConf conf) {
        List<String> bound = List.of(conf.text("bind").orElse("*").split("\\s+"));
        return bound.stream()
                .map(ConfAddress::reachable)
                .filter(host -> new Address.Tcp(host, 0, false).isLocal())
                .findFirst()
                .orElseGet(() -> reachable(bound.get(0)));
    }

    private static String reachable(String bound) {
        // A leading minus lets the server start without that address.
        String address = bound.startsWith("-") ? bound.substring(1) : bound;
        return switch (address) {
            case "*", "0.0.0.0" -> "127.0.0.1";
            case "::*", "::" -> "::1";
            default -> address;
        };
    }

    private static int port(RedisConf conf, String name, int fallback) {
        return conf.text(name)
                .filter(text -> text.matches("\\d{1,5}"))
                .map(Integer::parseInt)
                .orElse(fallback);
    }
}
