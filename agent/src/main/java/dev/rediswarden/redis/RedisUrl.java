package dev.rediswarden.redis;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * A Redis URL taken apart, as redis-py and redis-cli read it. The database is not used: nothing that is asked
 * depends on it.
 */
record RedisUrl(Address address, Optional<String> user, Optional<String> password) {

    private static final int DEFAULT_PORT = 6379;

    /**
     * Reads {@code redis[s]://[[user]:password@]host[:port][/db]} or {@code unix://[[user]:password@]/path}.
     *
     * @throws IllegalArgumentException for anything else; the message never repeats the URL, which may hold a password
     */
    static RedisUrl parse(URI url) {
        String scheme = Optional.ofNullable(url.getScheme()).orElse("").toLowerCase(Locale.ROOT);
        // By hand: URI knows no host that has an underscore in it, as container names do.
        String authority = Optional.ofNullable(url.getRawAuthority()).orElse("");
        int at = authority.lastIndexOf('@');
        String userInfo = at < 0 ? "" : authority.substring(0, at);
        int colon = userInfo.indexOf(':');
        Address address =
                switch (scheme) {
                    case "redis", "rediss" -> tcp(authority.substring(at + 1), scheme.equals("rediss"));
                    case "unix" -> unix(url, authority.substring(at + 1));
                    default ->
                        throw new IllegalArgumentException("the URL must begin with redis://, rediss:// or unix:///");
                };
        return new RedisUrl(
                address,
                present(colon < 0 ? userInfo : userInfo.substring(0, colon)),
                present(colon < 0 ? "" : userInfo.substring(colon + 1)));
    }

    private static Address tcp(String hostAndPort, boolean tls) {
        int colon = hostAndPort.indexOf(':', Math.max(0, hostAndPort.lastIndexOf(']')));
        String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        if (bare.isEmpty()) {
            throw new IllegalArgumentException("the URL names no host");
        }
        return new Address.Tcp(bare, colon < 0 ? DEFAULT_PORT : port(hostAndPort.substring(colon + 1)), tls);
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > 65535) {
            throw new IllegalArgumentException("the URL's port must be a number from 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static Address unix(URI url, String host) {
        String path = url.getPath();
        if (!host.isEmpty() || path == null || path.length() < 2) {
            throw new IllegalArgumentException("a unix URL must hold an absolute path: unix:///run/redis/redis.sock");
        }
        return new Address.Unix(Path.of(path));
    }

    private static Optional<String> present(String raw) {
        // A plus sign is itself in user information (RFC 3986), but a blank to URLDecoder.
        return raw.isEmpty()
                ? Optional.empty()
                : Optional.of(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "RedisUrl[" + address + "]";
    }
}
