package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Inspection.Module;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Nothing of the server looks as published attacks on Redis leave it. */
record IntrusionCheck() implements Check {

    /** Where a dump becomes a cron line, a login key, a web page or a library. */
    private static final Pattern PLACES = Pattern.compile(
            "/(etc|root|boot|usr|bin|sbin|lib|lib64|proc|dev|sys)(/.*)?|/var/(spool/cron|www)(/.*)?|.*/\\.ssh(/.*)?"
                    + "|.*/(public_html|htdocs|wwwroot)(/.*)?");

    private static final Pattern NAMES =
            Pattern.compile("authorized_keys.*|root|crontab|.*\\.(so|php\\d?|jsp|aspx?|py|sh|cgi|service|timer)");

    @Override
    public String name() {
        return "intrusion";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return Asked.server(instance, server -> {
            Commands commands = Commands.of(instance);
            List<Finding> findings = new ArrayList<>();
            server.config()
                    .fold(
                            known -> addConfigured(findings, known, instance, commands),
                            unknown -> findings.add(Asked.noConfig(unknown, commands)));
            master(server.info(), instance, commands).ifPresent(findings::add);
            modules(server, instance, commands).ifPresent(findings::add);
            keys(server.inspection().keys(), commands).ifPresent(findings::add);
            boolean all = server.inspection()
                    .keys()
                    .optional()
                    .map(KnownKeys::complete)
                    .orElse(true);
            return Verdict.of(
                    findings, "no trace of a known attack" + (all ? "" : " in the databases that were looked at"));
        });
    }

    /** Always true, so that it fits a fold. */
    private static boolean addConfigured(
            List<Finding> findings, Fields config, InstanceState instance, Commands commands) {
        Optional<String> dir = config.text("dir");
        String file = config.text("dbfilename").orElse("");
        if (dir.isEmpty() || file.isEmpty()) {
            String lost = dir.isEmpty() ? "dir" : "dbfilename";
            findings.add(Finding.unknown(
                    "CONFIG GET has no " + lost,
                    "where dumps go is not known",
                    commands.cli() + " CONFIG GET " + lost));
        }
        boolean decided = instance.confFile()
                .optional()
                .filter(conf -> conf.text("dir").equals(dir)
                        && conf.text("dbfilename").orElse("dump.rdb").equals(file))
                .isPresent();
        String place = dir.orElse("");
        boolean trusted = PLACES.matcher(place).matches() || NAMES.matcher(file).matches();
        if (trusted && decided) {
            findings.add(Finding.degraded(
                    "CONFIG dir is " + place + ", dbfilename " + file + ", and redis.conf says so",
                    "a dump written there may be run or trusted by something else",
                    "sudoedit " + commands.confFile() + " # and move the data, with Redis stopped"));
        } else if (trusted) {
            findings.add(Finding.unhealthy(
                    "CONFIG dir is " + place + ", dbfilename " + file,
                    "a dump written there is run or trusted by something else: this is how Redis is broken into",
                    putBack(instance, config, commands)));
        }
        for (String enabled : List.of("enable-debug-command", "enable-module-command")) {
            String value = config.text(enabled).orElse("no");
            if (!value.equals("no")) {
                String evidence = "CONFIG " + enabled + " is " + value;
                String remedy = "sudo sed -i -E '/^[[:space:]]*" + enabled + "[[:space:]]/Id' " + commands.confFile()
                        + " && " + commands.restart();
                findings.add(
                        value.equals("local")
                                ? Finding.degraded(
                                        evidence, "every process of this host can run its own code in Redis", remedy)
                                : Finding.unhealthy(
                                        evidence, "whoever can connect can run their own code in Redis", remedy));
            }
        }
        return true;
    }

    /** Where they were: those who could set them once can be undone the same way. A stop would save there first. */
    private static String putBack(InstanceState instance, Fields config, Commands commands) {
        if (config.is("enable-protected-configs", "no")) {
            return commands.restart() + " # it begins with redis.conf again; look for what was left: "
                    + commands.journal();
        }
        Optional<Fields> file = instance.confFile().optional();
        String dir = file.flatMap(conf -> conf.text("dir"))
                .filter(path -> !PLACES.matcher(path).matches())
                .orElse("/var/lib/" + commands.owner());
        String name = file.flatMap(conf -> conf.text("dbfilename"))
                .filter(dump -> !NAMES.matcher(dump).matches())
                .orElse("dump.rdb");
        return commands.setNow("dir", Commands.word(dir)) + " && "
                + commands.setNow("dbfilename", Commands.word(name))
                + " # before any stop, which would save there; then look for what was left: " + commands.journal();
    }

    /** One that redis.conf names was an administrator's decision. */
    private static Optional<Finding> master(Fields info, InstanceState instance, Commands commands) {
        if (info.is("role", "master")) {
            return Optional.empty();
        }
        if (!info.is("role", "slave")) {
            return Optional.of(Finding.unknown(
                    "INFO replication has no role",
                    "whether another server replaces the data is not known",
                    commands.cli() + " INFO replication"));
        }
        String master = info.text("master_host").orElse("?") + " "
                + info.text("master_port").orElse("?");
        if (instance.confFile() instanceof Reading.Unknown<Fields> unknown) {
            return Optional.of(Finding.unknown(
                    "INFO replication: role is slave of " + master + ", and redis.conf is not known ("
                            + unknown.detail() + ")",
                    "whether that master was an administrator's decision is not known",
                    commands.cli() + " INFO replication"));
        }
        boolean known = instance.confFile()
                .optional()
                .flatMap(conf -> conf.text("replicaof").or(() -> conf.text("slaveof")))
                .filter(master::equals)
                .isPresent();
        return known
                ? Optional.empty()
                : Optional.of(Finding.unhealthy(
                        "INFO replication: role is slave of " + master + ", which redis.conf does not name",
                        "that server replaces all data, and may send a module to load",
                        commands.cli() + " REPLICAOF NO ONE"));
    }

    /** A module that redis.conf does not load came in while the server ran. */
    private static Optional<Finding> modules(ServerState server, InstanceState instance, Commands commands) {
        Reading<List<Module>> reading = server.inspection().modules();
        if (reading instanceof Reading.Unknown<List<Module>> unknown) {
            return Optional.of(Finding.unknown(
                    "the modules could not be listed (" + unknown.detail() + ")",
                    "whether one was loaded that nobody wanted is not known",
                    commands.cli() + " MODULE LIST"));
        }
        Set<String> loaded = instance.confFile()
                .optional()
                .flatMap(conf -> conf.text("loadmodule"))
                .map(paths -> Set.copyOf(Arrays.asList(paths.split(" ", -1))))
                .orElse(Set.of());
        List<Module> others = reading.optional().orElse(List.of()).stream()
                .filter(module -> !instance.policy().modules().contains(module.name()))
                .toList();
        if (server.majorVersion().isEmpty()
                && others.stream().anyMatch(module -> module.path().isEmpty())) {
            return Optional.of(Finding.unknown(
                    "MODULE LIST tells no path, and INFO server no redis_version",
                    "whether a module is built in or was loaded is not known",
                    commands.cli() + " INFO server"));
        }
        List<Module> strange = others.stream()
                .filter(module -> isStrange(module, loaded, server))
                .toList();
        String names = strange.stream()
                .map(module -> module.name() + (module.path().isEmpty() ? "" : " (" + module.path() + ")"))
                .collect(Collectors.joining(", "));
        if (!strange.isEmpty() && instance.confFile() instanceof Reading.Unknown<Fields> unknown) {
            return Optional.of(Finding.unknown(
                    "MODULE LIST has " + names + ", and redis.conf is not known (" + unknown.detail() + ")",
                    "whether somebody wanted them is not known",
                    Commands.configure("modules = \"" + strange.get(0).name() + "\"")));
        }
        return strange.isEmpty()
                ? Optional.empty()
                : Optional.of(Finding.unhealthy(
                        "MODULE LIST has " + names + ", which redis.conf does not load",
                        "somebody has loaded code into the server while it ran",
                        unload(strange.get(0), instance, commands)
                                + " # if it is yours: "
                                + Commands.configure(
                                        "modules = \"" + strange.get(0).name() + "\"")));
    }

    /** Redis 7 refuses MODULE UNLOAD as it refuses MODULE LOAD; with redis.conf alone it begins without. */
    private static String unload(Module module, InstanceState instance, Commands commands) {
        boolean refused = instance.server()
                .optional()
                .flatMap(server -> server.config().optional())
                .filter(config -> config.is("enable-module-command", "no"))
                .isPresent();
        return refused ? commands.restart() : commands.cli() + " MODULE UNLOAD " + Commands.word(module.name());
    }

    /** Since Redis 7 each tells its path, and those that are built in have none. */
    private static boolean isStrange(Module module, Set<String> loaded, ServerState server) {
        return module.path().isEmpty() ? loaded.isEmpty() && server.isBefore(7) : !loaded.contains(module.path());
    }

    private static Optional<Finding> keys(Reading<KnownKeys> reading, Commands commands) {
        return reading.fold(
                known -> known.planted().isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                Finding.unhealthy(
                                        "db" + known.planted().get(0)
                                                + " holds keys that known attacks write (Backup1, …)",
                                        "somebody has tried to have cron lines dumped, and may be in already",
                                        commands.cli() + " -n "
                                                + known.planted().get(0)
                                                + " MGET crackit Backup1 backup1; sudo grep -rs . /var/spool/cron /etc/cron.d")),
                unknown -> Optional.of(Finding.unknown(
                        "keys of known attacks could not be asked for (" + unknown.detail() + ")",
                        "whether there are some is not known",
                        "redis-warden config --acl # what its user needs")));
    }
}
