package dev.rediswarden.plan;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.MemoryBound;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Computes what to change about servers' settings. A wish that nobody stated replaces what Redis comes with, and no
 * decision of an administrator. Nothing is ever persisted less than it is.
 */
public final class RedisPlanner {

    /** What Redis takes for what redis.conf does not name (config.c of Redis 7; 6 differs in bind alone). */
    private static final Map<String, String> DEFAULTS = Map.of(
            "maxmemory", "0",
            "maxmemory-policy", "noeviction",
            "save", "3600 1 300 100 60 10000",
            "appendonly", "no",
            "appendfsync", "everysec",
            "protected-mode", "yes",
            "bind", "* -::*");

    private final InstanceState instance;
    private final Policy policy;
    private final UnitState unit;
    private final List<Action> actions;
    private final List<Left> left;

    private RedisPlanner(InstanceState instance, UnitState unit, List<Action> actions, List<Left> left) {
        this.instance = instance;
        this.policy = instance.policy();
        this.unit = unit;
        this.actions = actions;
        this.left = left;
    }

    /** Of servers that units of this host run, and of no others. */
    public static Plan plan(Snapshot snapshot) {
        List<Action> actions = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (InstanceState instance : snapshot.instances()) {
            instance.unit()
                    .flatMap(Reading::optional)
                    .filter(unit -> unit.loadState().equals("loaded") && seen.add(unit.id()))
                    .ifPresent(unit -> new RedisPlanner(instance, unit, actions, left).plan());
        }
        return new Plan(actions, left);
    }

    private void plan() {
        if (!unit.activeState().equals("active")) {
            leave("it does not run, and what it is set to is not known", "sudo systemctl start " + unit.id());
            return;
        }
        if (instance.server() instanceof Reading.Unknown<ServerState> unknown) {
            leave("what it is set to is not known: " + unknown.detail(), "redis-warden check");
        } else if (instance.server() instanceof Reading.Known<ServerState> known) {
            ServerState server = known.value();
            if (server.config() instanceof Reading.Unknown<Fields> unknown) {
                leave("what it is set to is not known: " + unknown.detail(), "redis-warden check");
            } else if (instance.confFile() instanceof Reading.Unknown<Fields> unknown) {
                leave("what a restart would load is not known: " + unknown.detail(), "redis-warden check --only drift");
            } else {
                server.config()
                        .optional()
                        .ifPresent(
                                config -> instance.confFile().optional().ifPresent(file -> plan(server, config, file)));
            }
        }
    }

    private void plan(ServerState server, Fields config, Fields file) {
        Fields info = server.info();
        Optional<String> loaded = info.text("config_file");
        if (info.number("process_id").orElse(0) != unit.mainPid()) {
            leave("another process than its own answers", "redis-warden check --only identity");
        } else if (info.is("loading", "1") || info.is("async_loading", "1")) {
            leave("it is loading its data", "redis-warden check --only ping");
        } else if (!info.is("role", "master")) {
            leave(
                    "it is a replica, whose settings are those of its master's administrator",
                    "redis-cli INFO replication");
        } else if (!loaded.equals(file.text("config_file"))) {
            leave(
                    "it has loaded " + loaded.filter(path -> !path.isEmpty()).orElse("no redis.conf") + ", and "
                            + file.text("config_file").orElse("none") + " is read here",
                    "sudoedit /etc/redis-warden/redis-warden.toml # config_file");
        } else {
            memory(info, config, file);
            eviction(config, file);
            snapshots(config, file);
            Reading<Boolean> asked = server.passwordAsked();
            network(config, file, asked);
            log(config, file);
            password(asked);
        }
    }

    private void memory(Fields info, Fields config, Fields file) {
        MemoryBound bound = policy.maxmemory();
        OptionalLong host = info.number("total_system_memory");
        if (bound.percent() > 0 && host.isEmpty()) {
            leave("INFO has no total_system_memory, of which maxmemory is a share", "redis-cli INFO memory");
            return;
        }
        String wished = String.valueOf(bound.on(host.orElse(0)));
        Predicate<String> fits = policy.isStated("maxmemory") ? wished::equals : now -> !now.equals("0");
        long used = info.number("used_memory").orElse(Long.MAX_VALUE / 2);
        if (!fits.test(config.text("maxmemory").orElse(wished)) && used / 4 * 5 > Long.parseLong(wished)) {
            leave(
                    "maxmemory is to be " + bound + ", " + wished + " bytes, and its data takes " + used
                            + " already: it would be full at once",
                    "sudoedit /etc/redis-warden/redis-warden.toml # maxmemory, at least " + used / 4 * 5 + " bytes");
        } else {
            want("maxmemory", wished, fits, config, file);
        }
    }

    private void eviction(Fields config, Fields file) {
        String wished = policy.maxmemoryPolicy();
        String now = config.text("maxmemory-policy").orElse(wished);
        boolean stated = policy.isStated("maxmemory_policy") || policy.isStated("role");
        if (!stated && now.startsWith("allkeys-") && policy.role().isBroker()) {
            leave(
                    "maxmemory-policy is " + now + ", as somebody has decided, and would evict the tasks of a queue",
                    "sudoedit /etc/redis-warden/redis-warden.toml # role = \"cache\", or maxmemory_policy = \"" + wished
                            + "\"");
        } else {
            want(
                    "maxmemory-policy",
                    wished,
                    stated ? wished::equals : v -> !v.equals("noeviction") || v.equals(wished),
                    config,
                    file);
        }
    }

    private void snapshots(Fields config, Fields file) {
        if (policy.rdb()) {
            want(
                    "save",
                    policy.save(),
                    policy.isStated("save") ? policy.save()::equals : now -> !now.isEmpty(),
                    config,
                    file);
        }
    }

    private void log(Fields config, Fields file) {
        if (policy.aof()) {
            want(
                    "appendfsync",
                    policy.appendfsync(),
                    policy.isStated("appendfsync") ? policy.appendfsync()::equals : now -> !now.equals("no"),
                    config,
                    file);
            want("appendonly", "yes", "yes"::equals, config, file);
        }
    }

    private void network(Fields config, Fields file, Reading<Boolean> asked) {
        String bind = config.text("bind").orElse("");
        boolean tcp = !config.is("port", "0") || config.number("tls-port").orElse(0) > 0;
        boolean open = asked.fold(password -> !password, unknown -> false);
        boolean narrow = !isWider(bind);
        if (tcp && !narrow && (policy.isStated("bind") || (open && isWildcard(bind)))) {
            want("bind", String.join(" ", policy.bind()), now -> !isWider(now), config, file);
            narrow = true;
        } else if (tcp && !narrow) {
            leave(
                    "bind is " + (bind.isEmpty() ? "empty" : bind) + ", wider than " + String.join(" ", policy.bind())
                            + ", as somebody has decided",
                    "sudoedit /etc/redis-warden/redis-warden.toml # bind = \"" + String.join(" ", policy.bind())
                            + "\", or the addresses that it is to have");
        } else if (tcp) {
            want("bind", bind, now -> !isWider(now), config, file);
        }
        if (narrow && policy.bind().stream().allMatch(RedisPlanner::isLoopback)) {
            want("protected-mode", "yes", "yes"::equals, config, file);
        }
    }

    private boolean isWider(String bind) {
        return isWildcard(bind) || !addresses(policy.bind()).containsAll(addresses(List.of(bind.split("\\s+", -1))));
    }

    private static boolean isWildcard(String bind) {
        Set<String> addresses = addresses(Arrays.asList(bind.strip().split("\\s+", -1)));
        return addresses.stream().anyMatch(one -> one.isEmpty() || one.matches("\\*|::\\*|0\\.0\\.0\\.0|[0:]+"));
    }

    private static Set<String> addresses(List<String> words) {
        return words.stream()
                .map(word -> word.startsWith("-") ? word.substring(1) : word)
                .collect(Collectors.toSet());
    }

    private static boolean isLoopback(String address) {
        return address.matches("-?(::1|127\\.[0-9.]+)");
    }

    /** Set by whoever tells the site as well: a password that it does not know keeps it out. */
    private void password(Reading<Boolean> asked) {
        if (policy.passwordRequired() && !asked.optional().orElse(false)) {
            leave(
                    asked.fold(
                            no -> "it asks for no password, and the site's own configuration must be told one first",
                            unknown -> "whether it asks for a password is not known: " + unknown.detail()),
                    "sudo redis-warden rotate-password --redis " + instance.name() + " --env-file /path/to/.env");
        }
    }

    private void want(String parameter, String wished, Predicate<String> fits, Fields config, Fields file) {
        Optional<String> running = config.text(parameter);
        if (running.isEmpty()) {
            return; // a server that has no such parameter
        }
        String now = running.get();
        String next = file.text(parameter).orElse(DEFAULTS.getOrDefault(parameter, ""));
        if (!fits.test(now)) {
            actions.add(new Action.Configure(instance.name(), unit.id(), parameter, now, next, wished));
        } else if (!fits.test(next)) {
            actions.add(new Action.Configure(instance.name(), unit.id(), parameter, now, next, now));
        }
    }

    private void leave(String reason, String command) {
        left.add(new Left(unit.id(), reason, command));
    }
}
