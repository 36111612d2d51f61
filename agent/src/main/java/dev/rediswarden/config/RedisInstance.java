package dev.rediswarden.config;

import dev.rediswarden.check.Severity;
import dev.rediswarden.snapshot.Policy;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A {@code [[redis]]} of the configuration.
 *
 * @param units names to look for, the first that exists is watched; empty for {@code unit = "none"}
 * @param url where to connect; without it, what redis.conf says
 * @param confFiles redis.conf, the first that can be read
 * @param service the Swarm's, where one runs it; then no unit of this host does
 * @param timeout for connecting, and for each answer
 * @param policy what is wished of the server
 * @param severities of checks that shall weigh more or less than they do by themselves
 */
public record RedisInstance(
        String name,
        List<String> units,
        Optional<URI> url,
        List<Path> confFiles,
        Optional<Path> passwordFile,
        Optional<Path> tlsCa,
        Optional<String> service,
        Duration timeout,
        Policy policy,
        Map<String, Severity> severities) {

    public RedisInstance {
        units = List.copyOf(units);
        confFiles = List.copyOf(confFiles);
        severities = Map.copyOf(severities);
    }

    /** Names no secret: the URL may hold one. */
    @Override
    public String toString() {
        return "RedisInstance[" + name + "]";
    }
}
