package dev.rediswarden.redis;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A value of redis.conf in the form that CONFIG GET has for it, so that the two can be compared. */
final class CanonicalValue {

    /** Parameters of Redis and Valkey that take a size with a unit (config.c: MEMORY_CONFIG). */
    private static final Set<String> SIZES = Set.of(
            "maxmemory",
            "maxmemory-clients",
            "client-query-buffer-limit",
            "proto-max-bulk-len",
            "repl-backlog-size",
            "auto-aof-rewrite-min-size",
            "active-defrag-ignore-bytes",
            "cluster-link-sendbuf-limit",
            "loading-process-events-interval-bytes",
            "stream-node-max-bytes",
            "hll-sparse-max-bytes");

    /** Parameters that take one word of a fixed few, in any case. */
    private static final Set<String> WORDS =
            Set.of("appendfsync", "maxmemory-policy", "loglevel", "repl-diskless-load", "sanitize-dump-payload");

    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})(b|k|kb|m|mb|g|gb)?", Pattern.CASE_INSENSITIVE);

    /** {@code memtoll} of util.c: with a b it is a power of two, without it a power of ten. */
    private static final Map<String, Long> UNITS = Map.of(
            "b", 1L, "k", 1000L, "kb", 1L << 10, "m", 1000_000L, "mb", 1L << 20, "g", 1000_000_000L, "gb", 1L << 30);

    private CanonicalValue() {}

    static String of(String name, String value) {
        if (SIZES.contains(name)) {
            Matcher size = SIZE.matcher(value);
            return size.matches() ? bytes(size) : value;
        }
        boolean word = WORDS.contains(name) || value.equalsIgnoreCase("yes") || value.equalsIgnoreCase("no");
        return word && !Secrets.isSecret(name) ? value.toLowerCase(Locale.ROOT) : value;
    }

    private static String bytes(Matcher size) {
        String unit = size.group(2) == null ? "b" : size.group(2).toLowerCase(Locale.ROOT);
        return String.valueOf(Long.parseLong(size.group(1)) * UNITS.getOrDefault(unit, 1L));
    }
}
