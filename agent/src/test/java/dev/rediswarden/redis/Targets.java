package dev.rediswarden.redis;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Targets of tests. */
final class Targets {

    static final Duration PATIENT = Duration.ofSeconds(10);
    static final Duration SHORT = Duration.ofMillis(150);

    private Targets() {}

    /** As its redis.conf says. */
    static Target of(RedisServer server) {
        return of(server, PATIENT);
    }

    static Target of(RedisServer server, Duration timeout) {
        return new Target(Optional.empty(), List.of(server.conf()), Optional.empty(), Optional.empty(), timeout);
    }

    static Target url(String url) {
        return url(url, PATIENT);
    }

    static Target url(String url, Duration timeout) {
        return new Target(Optional.of(URI.create(url)), List.of(), Optional.empty(), Optional.empty(), timeout);
    }

    static Target conf(Path... files) {
        return new Target(Optional.empty(), List.of(files), Optional.empty(), Optional.empty(), PATIENT);
    }
}
