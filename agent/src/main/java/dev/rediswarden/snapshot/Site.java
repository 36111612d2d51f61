package dev.rediswarden.snapshot;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A site of this host, as the configuration names it: where it is asked for its health, and what is wished of it.
 *
 * @param name as its units have it: {@code acme} for {@code sum-acme-gunicorn.service}
 * @param file of the configuration, in which it stands
 * @param path of the question, from its slash on
 * @param timeout for connecting, asking and the whole answer together
 * @param backupFile where its last backups are told
 * @param backupMaxAge how old the last one may be; empty where nobody asks for backups
 */
public record Site(
        String name,
        String file,
        Door door,
        String path,
        Duration timeout,
        Weight weight,
        String backupFile,
        Optional<Duration> backupMaxAge) {

    /** How a site is reached. */
    public sealed interface Door {

        /** What stands in the question's Host header. */
        String host();
    }

    /** As people reach it: through the web server of this host, by TLS. */
    public record Tls(String domain, InetSocketAddress address) implements Door {

        @Override
        public String host() {
            return domain;
        }

        /** {@code 127.0.0.1:443}. */
        public String addressText() {
            String host = address.getAddress().getHostAddress();
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
        }
    }

    /** Past the web server, at the socket of the site itself. */
    public record Unix(String socket, String host) implements Door {}

    /** What a site that is down means to the whole. */
    public enum Weight {
        /** It is not asked. */
        OFF,
        /** Degraded. */
        WARNING,
        /** Unhealthy. */
        CRITICAL
    }

    /** {@code https://acme.example.com/health/}, or {@code /health/ at /run/sum-acme-gunicorn.sock}. */
    public String question() {
        return door instanceof Unix unix ? path + " at " + unix.socket() : "https://" + door.host() + path;
    }
}
