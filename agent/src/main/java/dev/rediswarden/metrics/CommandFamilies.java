package dev.rediswarden.metrics;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.ServerState;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.Comparator;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Families by command and by error: INFO's commandstats, latencystats and errorstats
 * (https://redis.io/commands/info/), and the slow log. Commands are the server's own; an error's name may come from a
 * script, and a module may bring commands: there are bounds.
 */
final class CommandFamilies {

    /** Redis 8 has 241 commands and 130 of their parts. */
    private static final int COMMANDS = 500;

    private static final int ERRORS = 50;

    /** Of latency-tracking-info-percentiles; three when it is not set. */
    private static final int PERCENTILES = 10;

    private static final Pattern ERROR = Pattern.compile("[A-Z][A-Z0-9_]{0,31}");
    private static final Pattern PERCENTILE = Pattern.compile("p\\d{1,2}(\\.\\d{1,4})?|p100");
    private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9_.|-]{1,64}");
    private static final String CALLS = "cmdstat_";
    private static final String LATENCY = "latency_percentiles_usec_";
    private static final String ERRORSTAT = "errorstat_";

    private CommandFamilies() {}

    static void add(Samples samples, ServerState server, Labels labels) {
        Fields info = server.info();
        named(info, CALLS, COMMAND)
                .limit(COMMANDS)
                .forEach(command -> command(samples, info, command, labels.add("cmd", command)));
        named(info, ERRORSTAT, ERROR)
                .limit(ERRORS)
                .forEach(error -> parts(info, ERRORSTAT + error)
                        .decimal("count")
                        .ifPresent(count -> samples.counter(
                                "redis_errors_total", "Errors by their name", labels.add("err", error), count)));
        server.slowLog().optional().ifPresent(log -> {
            samples.gauge("redis_slowlog_last_id", "Number of the last entry of the slow log", labels, (double)
                    Math.max(0, log.written() - 1));
            samples.gauge(
                    "redis_last_slow_execution_duration_seconds",
                    "Time of the last slow command",
                    labels,
                    log.last().toNanos() / 1e9);
            log.length()
                    .ifPresent(length ->
                            samples.gauge("redis_slowlog_length", "Entries of the slow log", labels, (double) length));
        });
    }

    private static void command(Samples samples, Fields info, String command, Labels labels) {
        Fields calls = parts(info, CALLS + command);
        counter(samples, "redis_commands_total", "Calls by command", labels, calls.decimal("calls"));
        OptionalDouble micros = calls.decimal("usec");
        counter(
                samples,
                "redis_commands_duration_seconds_total",
                "Time in calls by command",
                labels,
                micros.isPresent() ? OptionalDouble.of(micros.getAsDouble() / 1e6) : micros);
        counter(
                samples,
                "redis_commands_rejected_calls_total",
                "Calls that were turned away before they ran",
                labels,
                calls.decimal("rejected_calls"));
        counter(
                samples,
                "redis_commands_failed_calls_total",
                "Calls that ran and failed",
                labels,
                calls.decimal("failed_calls"));
        Map<String, Double> quantiles = new TreeMap<>(Comparator.comparingDouble(Double::parseDouble));
        Fields latency = parts(info, LATENCY + command);
        latency.values().keySet().stream()
                .filter(name -> PERCENTILE.matcher(name).matches())
                .sorted()
                .limit(PERCENTILES)
                .forEach(name -> latency.decimal(name).ifPresent(time -> quantiles.put(name.substring(1), time)));
        if (!quantiles.isEmpty() && micros.isPresent() && calls.decimal("calls").isPresent()) {
            samples.summary(
                    "redis_latency_percentiles_usec",
                    "Time of calls by command, with percentiles since the server's start",
                    labels,
                    quantiles,
                    micros.getAsDouble(),
                    calls.decimal("calls").getAsDouble());
        }
    }

    private static void counter(Samples samples, String name, String help, Labels labels, OptionalDouble value) {
        value.ifPresent(v -> samples.counter(name, help, labels, v));
    }

    /** What follows a prefix in INFO's names, in order. */
    private static Stream<String> named(Fields info, String prefix, Pattern allowed) {
        return info.values().keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> allowed.matcher(name).matches())
                .sorted();
    }

    private static Fields parts(Fields info, String name) {
        return RedisFamilies.parts(info.text(name).orElse(""));
    }
}
