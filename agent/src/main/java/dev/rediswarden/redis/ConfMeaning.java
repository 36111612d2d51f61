package dev.rediswarden.redis;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What values of redis.conf come to, so that two files can be told to mean the same. */
final class ConfMeaning {

    /** What Redis 7 takes for what redis.conf does not name (config.c), of parameters that we or a drift may change. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("bind", "* -::*"),
            Map.entry("port", "6379"),
            Map.entry("tls-port", "0"),
            Map.entry("protected-mode", "yes"),
            Map.entry("aclfile", ""),
            Map.entry("requirepass", ""),
            Map.entry("maxmemory", "0"),
            Map.entry("maxmemory-policy", "noeviction"),
            Map.entry("save", "3600 1 300 100 60 10000"),
            Map.entry("appendonly", "no"),
            Map.entry("appendfsync", "everysec"),
            Map.entry("dir", "/"),
            Map.entry("dbfilename", "dump.rdb"),
            Map.entry("appendfilename", "appendonly.aof"),
            Map.entry("appenddirname", "appendonlydir"),
            Map.entry("replicaof", ""),
            Map.entry("enable-debug-command", "no"),
            Map.entry("enable-module-command", "no"),
            Map.entry("enable-protected-configs", "no"));

    /** Distributions' units give these as arguments, and CONFIG REWRITE writes them down. */
    private static final Set<String> BY_ARGUMENT =
            Set.of("daemonize", "supervised", "pidfile", "unixsocket", "logfile");

    private ConfMeaning() {}

    static boolean isSame(String parameter, String one, String other) {
        return meaning(parameter, one).equals(meaning(parameter, other));
    }

    /** Addresses in any order. */
    private static String meaning(String parameter, String value) {
        String plain = CanonicalValue.of(parameter, value.strip());
        return parameter.equals("bind")
                ? String.join(" ", new TreeSet<>(Arrays.asList(plain.split("\\s+", -1))))
                : plain;
    }

    /** What a restart would make of a parameter. */
    static String next(Map<String, String> file, String parameter) {
        return file.getOrDefault(parameter, DEFAULTS.getOrDefault(parameter, ""));
    }

    /** Other parameters than this one that mean something else after than before, by their names. */
    static Set<String> changed(String but, Map<String, String> before, Map<String, String> after) {
        Set<String> names = new TreeSet<>(before.keySet());
        // What is new in the file and not listed is a default that this version writes down.
        DEFAULTS.keySet().stream().filter(after::containsKey).forEach(names::add);
        names.removeIf(name -> name.equals(but)
                || BY_ARGUMENT.contains(name)
                || (!after.containsKey(name) && !DEFAULTS.containsKey(name))
                || isSame(name, next(before, name), next(after, name)));
        return names;
    }
}
