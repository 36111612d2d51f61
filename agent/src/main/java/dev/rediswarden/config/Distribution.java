package dev.rediswarden.config;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where Debian and Ubuntu keep a server's unit and its configuration. */
final class Distribution {

    /** The name of the instance that is the distribution's own, {@code redis-server.service}. */
    static final String MAIN = "main";

    private static final Pattern SERVER = Pattern.compile("(redis|valkey)(?:-server)?(?:@(.+))?\\.service");

    private Distribution() {}

    /** Looked for where no unit is configured, in this order; for others than main, instances of the templates. */
    static List<String> units(String instance) {
        String at = instance.equals(MAIN) ? "" : "@" + instance;
        return List.of("redis-server" + at + ".service", "valkey-server" + at + ".service");
    }

    /** The redis.conf of each unit: {@code redis-server@NAME.service} reads {@code /etc/redis/redis-NAME.conf}. */
    static List<Path> confFiles(List<String> units) {
        return units.stream()
                .map(SERVER::matcher)
                .filter(Matcher::matches)
                .map(Distribution::confFile)
                .toList();
    }

    private static Path confFile(Matcher unit) {
        String product = unit.group(1);
        String instance = unit.group(2) == null ? "" : "-" + unit.group(2);
        return Path.of("/etc", product, product + instance + ".conf");
    }
}
