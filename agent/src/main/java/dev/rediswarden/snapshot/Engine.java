package dev.rediswarden.snapshot;

import java.time.Duration;
import java.util.Optional;

/**
 * Where a Docker engine is asked, as the configuration names it.
 *
 * @param timeout for connecting, asking and each whole answer together
 */
public record Engine(Door door, Duration timeout) {

    /** Where Debian's docker.io and Docker's own package listen. */
    public static final String DEFAULT_SOCKET = "/run/docker.sock";

    /** How it is reached. */
    public sealed interface Door {

        /** For a person: {@code /run/docker.sock}, {@code manager.example.com:2376}. */
        String text();
    }

    /** At its own socket, whose group is as good as root. */
    public record Unix(String socket) implements Door {

        @Override
        public String text() {
            return socket;
        }
    }

    /**
     * Over TCP.
     *
     * @param host a name or an address, an IPv6 one without its brackets
     * @param tls without it, what is answered can be read on the way
     */
    public record Tcp(String host, int port, Optional<Tls> tls) implements Door {

        @Override
        public String text() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /**
     * Paths of files in PEM.
     *
     * @param authorities from one of which the engine's certificate must descend
     * @param certificate what the agent proves itself with, with its key
     */
    public record Tls(String authorities, String certificate, String key) {}
}
