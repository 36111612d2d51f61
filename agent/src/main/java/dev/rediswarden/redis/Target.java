package dev.rediswarden.redis;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the configuration says of one server; where nothing is said, its redis.conf tells.
 *
 * @param url {@code redis://}, {@code rediss://} or {@code unix:///path}, with user and password where wanted
 * @param confFiles where its redis.conf may be; the first that can be read is taken
 * @param passwordFile a file that holds nothing but the password and a newline
 * @param tlsCa PEM certificates to trust instead of the host's own
 * @param timeout bound of one whole exchange: connecting, asking and reading
 */
public record Target(
        Optional<URI> url, List<Path> confFiles, Optional<Path> passwordFile, Optional<Path> tlsCa, Duration timeout) {

    /** @throws IllegalArgumentException for a URL or a timeout that cannot be used; the message repeats no secret */
    public Target {
        confFiles = List.copyOf(confFiles);
        url.ifPresent(RedisUrl::parse);
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("the timeout must be longer than 0");
        }
    }

    /** Names the address alone: a URL may hold a password. */
    @Override
    public String toString() {
        return "Target["
                + url.map(given -> RedisUrl.parse(given).address().toString()).orElse("as in " + confFiles) + "]";
    }
}
