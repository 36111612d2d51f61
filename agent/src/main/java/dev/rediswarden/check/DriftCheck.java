package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A restart changes nothing: redis.conf says what CONFIG GET says, in what decides over who gets in, what is kept and
 * where. That AOF is on in one of them alone is for {@link PersistenceCheck} to tell.
 */
record DriftCheck() implements Check {

    private static final List<String> COMPARED = List.of(
            "bind",
            "port",
            "tls-port",
            "unixsocket",
            "protected-mode",
            "aclfile",
            "maxmemory",
            "maxmemory-policy",
            "save",
            "appendfsync",
            "dir",
            "dbfilename",
            "appendfilename",
            "appenddirname");

    /** Where its data is: with another one, a restart finds other data, or none. */
    private static final Set<String> PLACES = Set.of("dir", "dbfilename", "appendfilename", "appenddirname");

    private static final Set<String> ACCESS = Set.of("bind", "port", "tls-port", "protected-mode", "aclfile");

    private static final Set<String> RESTARTED = Set.of("unixsocket", "aclfile");

    /** What Redis takes for what redis.conf does not name; not dir, nor unixsocket, which units give by argument. */
    private static final Map<String, String> DEFAULTS = Map.ofEntries(
            Map.entry("bind", "* -::*"),
            Map.entry("port", "6379"),
            Map.entry("tls-port", "0"),
            Map.entry("protected-mode", "yes"),
            Map.entry("aclfile", ""),
            Map.entry("maxmemory", "0"),
            Map.entry("maxmemory-policy", "noeviction"),
            Map.entry("save", "3600 1 300 100 60 10000"),
            Map.entry("appendfsync", "everysec"),
            Map.entry("dbfilename", "dump.rdb"),
            Map.entry("appendfilename", "appendonly.aof"),
            Map.entry("appenddirname", "appendonlydir"));

    private record Difference(String parameter, String inFile, String running) {

        @Override
        public String toString() {
            return parameter + " is '" + inFile + "' and now '" + running + "'";
        }
    }

    @Override
    public String name() {
        return "drift";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return Contests.added(Contests.of(instance, snapshot), examine(instance));
    }

    private static Verdict examine(InstanceState instance) {
        if (instance.unit().isEmpty()) {
            return Verdict.off("no unit of this host runs it, and so no redis.conf of this host");
        }
        Commands commands = Commands.of(instance);
        return Asked.config(
                instance,
                (server, running) -> instance.confFile()
                        .fold(
                                file -> judge(instance, server, running, file, commands),
                                unknown -> Verdict.of(PersistenceCheck.noFile(unknown, commands))));
    }

    private static Verdict judge(
            InstanceState instance, ServerState server, Fields running, Fields file, Commands commands) {
        Optional<String> loaded = server.info().text("config_file");
        Optional<String> read = file.text("config_file");
        if (loaded.isPresent() && read.isPresent() && !loaded.equals(read)) {
            return Verdict.of(Finding.unknown(
                    loaded.get().isEmpty()
                            ? "Redis was started without a redis.conf (INFO config_file), " + read.get() + " was read"
                            : "Redis has loaded " + loaded.get() + " (INFO config_file), " + read.get() + " was read",
                    "what a restart will change is not known",
                    loaded.get().isEmpty()
                            ? "systemctl cat " + commands.unit()
                            : Commands.configure("config_file = \"" + loaded.get() + "\"")));
        }
        String untold = Stream.concat(Stream.of("port"), COMPARED.stream().filter(file.values()::containsKey))
                .filter(parameter -> running.text(parameter).isEmpty())
                .distinct()
                .collect(Collectors.joining(" "));
        if (!untold.isEmpty()) {
            return Verdict.of(Finding.unknown(
                    "CONFIG GET has no " + untold,
                    "what a restart will change is not known",
                    commands.cli() + " CONFIG GET port"));
        }
        if (loaded.isEmpty() || server.majorVersion().isEmpty()) {
            return Verdict.of(Finding.unknown(
                    "INFO server has no " + (loaded.isEmpty() ? "config_file" : "redis_version"),
                    "what a restart will change is not known",
                    commands.cli() + " INFO server"));
        }
        boolean defaultsKnown = !server.isBefore(6);
        boolean isRedis7 = !server.isBefore(7);
        List<Difference> differences = COMPARED.stream()
                .filter(parameter -> !isByArgument(parameter, instance))
                .flatMap(parameter -> difference(parameter, file, running, defaultsKnown, isRedis7).stream())
                .toList();
        if (differences.isEmpty()) {
            return Verdict.ok("redis.conf and CONFIG agree"
                    + (defaultsKnown ? "" : " in what redis.conf names; this version's defaults are not compared"));
        }
        boolean elsewhere = differences.stream().anyMatch(found -> PLACES.contains(found.parameter()));
        return Verdict.of(Finding.degraded(
                "redis.conf and CONFIG differ: "
                        + differences.stream().map(Difference::toString).collect(Collectors.joining(", ")),
                elsewhere
                        ? "the next restart looks for its data in another place, and may find none"
                        : "the next restart changes what runs now",
                Restart.isLogUnwritten(instance)
                        ? commands.restart()
                        : remedy(differences, commands, elsewhere, isRedis7)));
    }

    /** Who gets in is not to be widened for good by a command that is pasted: there, redis.conf comes first. */
    private static String remedy(List<Difference> differences, Commands commands, boolean elsewhere, boolean isRedis7) {
        String keep = commands.cli() + " CONFIG REWRITE";
        if (elsewhere) {
            // A restart would not find the data of now; and who broke in puts it where it does harm.
            return commands.cli() + " CONFIG GET 'd*' # if its data belongs there: " + keep
                    + "; if not, somebody has moved it: " + commands.restart();
        }
        String back = back(differences, commands, isRedis7);
        return differences.stream().anyMatch(found -> ACCESS.contains(found.parameter()))
                ? back + " # as redis.conf says; to keep what runs, and lose that: " + keep
                : keep + " # keeps what runs, and what redis.conf says is lost; the other way round: " + back;
    }

    /** The distribution's template has each instance's socket on its command line. */
    private static boolean isByArgument(String parameter, InstanceState instance) {
        return parameter.equals("unixsocket") && instance.unitName().contains("@");
    }

    private static Optional<Difference> difference(
            String parameter, Fields file, Fields running, boolean defaultsKnown, boolean isRedis7) {
        Optional<String> now = running.text(parameter);
        if (parameter.equals("bind") && !isRedis7 && file.text(parameter).isEmpty()) {
            return Optional.empty(); // told as '' or as '* -::*', and never set but by the file
        }
        Optional<String> next = file.text(parameter)
                .or(() -> defaultsKnown ? Optional.ofNullable(DEFAULTS.get(parameter)) : Optional.empty());
        return now.isEmpty() || next.isEmpty() || meaning(parameter, now.get()).equals(meaning(parameter, next.get()))
                ? Optional.empty()
                : Optional.of(new Difference(parameter, next.get(), now.get()));
    }

    /** Addresses in any order and case; all else is compared as CONFIG GET would show it, which the file's reading is. */
    private static String meaning(String parameter, String value) {
        return parameter.equals("bind")
                ? Arrays.stream(value.strip().toLowerCase(Locale.ROOT).split("\\s+", -1))
                        .sorted()
                        .collect(Collectors.joining(" "))
                : value;
    }

    /** Some can be set by a restart alone; all others at once, so that a new port does not hide the rest. */
    private static String back(List<Difference> differences, Commands commands, boolean isRedis7) {
        boolean settable = differences.stream()
                .noneMatch(found ->
                        RESTARTED.contains(found.parameter()) || (!isRedis7 && ACCESS.contains(found.parameter())));
        if (!settable) {
            return commands.restart();
        }
        return isRedis7
                ? commands.cli() + " CONFIG SET "
                        + differences.stream()
                                .map(found -> found.parameter() + " " + quoted(found.inFile()))
                                .collect(Collectors.joining(" "))
                : differences.stream()
                        .map(found -> commands.setNow(found.parameter(), quoted(found.inFile())))
                        .collect(Collectors.joining(" && "));
    }

    private static String quoted(String value) {
        return value.isEmpty() ? "''" : Commands.word(value);
    }
}
