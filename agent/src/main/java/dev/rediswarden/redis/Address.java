package dev.rediswarden.redis;

import java.nio.file.Path;

/** Where a server is asked. */
sealed interface Address {

    /** True where no other host can be meant, so that this host's redis.conf may speak for it. */
    boolean isLocal();

    /** A TCP port; {@code host} is a name or a literal address without brackets. */
    record Tcp(String host, int port, boolean tls) implements Address {

        @Override
        public boolean isLocal() {
            return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    /** A socket file. */
    record Unix(Path path) implements Address {

        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
