package dev.rediswarden.config;

import dev.rediswarden.snapshot.MemoryBound;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Policy.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a {@code [[redis]]} says of the server's role and settings; what it does not say, its preset does. */
final class PolicyReader {

    private static final Policy STRICT = new Policy(
            Role.CACHE_AND_BROKER,
            Policy.VPS.bind(),
            true,
            MemoryBound.bytes(512L << 20),
            Policy.VPS.maxmemoryPolicy(),
            true,
            true,
            "everysec",
            "900 1 300 10 60 10000",
            Policy.VPS.queues(),
            Policy.VPS.visibilityTimeout(),
            Set.of(),
            Set.of(),
            Policy.VPS.limits(),
            false);

    private static final Map<String, Policy> PRESETS = Map.of("vps", Policy.VPS, "strict", STRICT);

    private static final Map<String, Role> ROLES =
            Map.of("cache", Role.CACHE, "broker", Role.BROKER, "cache+broker", Role.CACHE_AND_BROKER);

    /** redis.conf's own (https://redis.io/docs/latest/develop/reference/eviction/). */
    private static final List<String> POLICIES = List.of(
            "noeviction",
            "volatile-lru",
            "volatile-lfu",
            "volatile-random",
            "volatile-ttl",
            "allkeys-lru",
            "allkeys-lfu",
            "allkeys-random");

    private static final List<String> PERSISTENCE = List.of("rdb", "aof", "rdb+aof", "none");
    private static final List<String> KEYS =
            List.of("bind", "password", "maxmemory", "maxmemory_policy", "persistence", "appendfsync", "save");

    private final Section section;

    private PolicyReader(Section section) {
        this.section = section;
    }

    static Policy read(Section section) {
        return new PolicyReader(section).read();
    }

    private Policy read() {
        boolean preset = section.has("preset");
        Policy base =
                PRESETS.getOrDefault(section.value("preset", "vps", Rules.oneOf(List.of("vps", "strict"))), Policy.VPS);
        Role role = ROLES.getOrDefault(
                section.value("role", base.role().text(), Rules.oneOf(List.of("cache", "broker", "cache+broker"))),
                base.role());
        List<String> bind = section.value("bind", String.join(" ", base.bind()), PolicyReader::bind);
        boolean password = section.value(
                        "password",
                        base.passwordRequired() ? "required" : "optional",
                        Rules.oneOf(List.of("required", "optional")))
                .equals("required");
        MemoryBound maxmemory = section.value("maxmemory", base.maxmemory().toString(), PolicyReader::maxmemory);
        String policy = section.value("maxmemory_policy", fitting(role), Rules.oneOf(POLICIES));
        String persistence = section.value("persistence", lasting(base, role), Rules.oneOf(PERSISTENCE));
        String appendfsync =
                section.value("appendfsync", base.appendfsync(), Rules.oneOf(List.of("always", "everysec", "no")));
        String save = section.value("save", base.save(), PolicyReader::save);
        List<String> queues = section.value("queues", "celery", PolicyReader::queues);
        Duration visibility =
                section.value("visibility_timeout", "1h", Rules.duration(Duration.ofMinutes(1), Duration.ofDays(30)));
        Set<String> modules =
                Set.copyOf(section.optional("modules", PolicyReader::words).orElse(List.of()));
        Policy wished = new Policy(
                role,
                bind,
                password,
                maxmemory,
                policy,
                persistence.contains("rdb"),
                persistence.contains("aof"),
                appendfsync,
                save,
                queues,
                visibility,
                modules,
                stated(preset),
                LimitsReader.read(section.table("limits")),
                section.flag("enforce", false));
        refuseImpossible(wished, persistence);
        return wished;
    }

    /** What a role needs when memory is full: a cache forgets the oldest; what holds tasks forgets none of them. */
    private static String fitting(Role role) {
        return switch (role) {
            case CACHE -> "allkeys-lru";
            case BROKER -> "noeviction";
            case CACHE_AND_BROKER -> "volatile-lru";
        };
    }

    /** A cache may be a few minutes old after a power cut; a queue that has lost tasks is wrong. */
    private static String lasting(Policy base, Role role) {
        return base.equals(STRICT) || role.isBroker() ? "rdb+aof" : "rdb";
    }

    private Set<String> stated(boolean preset) {
        Set<String> stated = new HashSet<>(preset ? KEYS : List.of());
        List.of("role", "bind", "password", "maxmemory", "maxmemory_policy", "persistence", "appendfsync", "save")
                .forEach(key -> {
                    if (section.has(key)) {
                        stated.add(key);
                    }
                });
        return stated;
    }

    private void refuseImpossible(Policy wished, String persistence) {
        if (wished.role().isBroker() && wished.maxmemoryPolicy().startsWith("allkeys-")) {
            section.problem(
                    "maxmemory_policy",
                    "cannot be allkeys-* where role is " + wished.role().text()
                            + ": queued tasks would be evicted with the cache; volatile-lru spares what has no TTL",
                    wished.maxmemoryPolicy());
        }
        if (wished.role().isBroker() && persistence.equals("none")) {
            section.problem(
                    "persistence",
                    "cannot be none where role is " + wished.role().text() + ": a restart would lose queued tasks",
                    persistence);
        }
        if (section.has("appendfsync") && !wished.aof()) {
            section.problem(
                    "appendfsync", "counts only with persistence = \"aof\" or \"rdb+aof\"", wished.appendfsync());
        }
        if (section.has("save") && !wished.rdb()) {
            section.problem("save", "counts only with persistence = \"rdb\" or \"rdb+aof\"", wished.save());
        }
        if (!wished.passwordRequired() && wished.bind().stream().anyMatch(address -> !isLoopback(address))) {
            section.problem(
                    "bind",
                    "must be loopback addresses unless password = \"required\": who reaches the port owns the data",
                    String.join(" ", wished.bind()));
        }
    }

    static boolean isLoopback(String address) {
        String bare = address.startsWith("-") ? address.substring(1) : address;
        return bare.equals("::1") || bare.startsWith("127.");
    }

    private static List<String> bind(String text) throws RuleBroken {
        List<String> addresses = Arrays.asList(text.strip().split("\\s+", -1));
        for (String address : addresses) {
            if (!address.matches("-?((\\d{1,3}\\.){3}\\d{1,3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)")
                    || address.matches("-?(0\\.0\\.0\\.0|[0:]+)")) {
                throw new RuleBroken(
                        "must be addresses as redis.conf has them, none of them a wildcard:" + " \"127.0.0.1 -::1\"");
            }
        }
        return addresses;
    }

    private static MemoryBound maxmemory(String text) throws RuleBroken {
        RuleBroken broken =
                new RuleBroken("must be a size from 1mb on, as 512mb or 2gb, or a share of the host from 1% to 90%");
        Optional<MemoryBound> bound = text.matches("[1-9]\\d?%")
                ? Optional.of(MemoryBound.percent(Integer.parseInt(text.substring(0, text.length() - 1))))
                : text.matches("[1-9]\\d{0,6}(mb|gb)")
                        ? Optional.of(MemoryBound.bytes(Long.parseLong(text.substring(0, text.length() - 2))
                                << (text.endsWith("mb") ? 20 : 30)))
                        : Optional.empty();
        return bound.filter(b -> b.percent() <= 90).orElseThrow(() -> broken);
    }

    private static List<String> queues(String text) throws RuleBroken {
        List<String> queues = words(text);
        if (queues.size() > 20) {
            throw new RuleBroken("must be at most 20 names, each of which is asked for once a minute");
        }
        return queues;
    }

    private static List<String> words(String text) throws RuleBroken {
        List<String> words = Arrays.asList(text.strip().split("\\s+", -1));
        if (!words.stream().allMatch(word -> word.matches("[A-Za-z0-9._:{}-]{1,100}"))) {
            throw new RuleBroken("must be names with blanks between them");
        }
        return words.stream().distinct().toList();
    }

    /** Pairs of seconds and changes. */
    private static String save(String text) throws RuleBroken {
        List<String> numbers = new ArrayList<>(Arrays.asList(text.strip().split("\\s+", -1)));
        if (numbers.size() % 2 != 0 || !numbers.stream().allMatch(number -> number.matches("[1-9]\\d{0,8}"))) {
            throw new RuleBroken("must be pairs of seconds and changes: \"900 1 300 10 60 10000\"");
        }
        return String.join(" ", numbers);
    }
}
