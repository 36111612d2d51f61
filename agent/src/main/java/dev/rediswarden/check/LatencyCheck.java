package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Limits;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** It answers in time (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency/). */
final class LatencyCheck implements Check {

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return Asked.info(instance, (info, config) -> judge(instance, info, config));
    }

    private Verdict judge(InstanceState instance, Fields info, Reading<Fields> config) {
        Commands commands = Commands.of(instance);
        Limits limits = instance.policy().limits();
        List<Finding> findings = new ArrayList<>();
        instance.ping()
                .optional()
                .flatMap(Ping::p99)
                .filter(p99 -> p99.compareTo(limits.pingP99()) > 0)
                .ifPresent(p99 -> findings.add(Finding.degraded(
                        "the p99 of PING is " + millis(p99) + " over the last two minutes",
                        "what blocks Redis, or this host, holds up every client",
                        commands.cli() + " SLOWLOG GET 10; " + commands.cli()
                                + " INFO commandstats; grep . /proc/pressure/*")));
        addFork(findings, info, config, limits.fork(), commands);
        instance.server()
                .optional()
                .ifPresent(server -> addGrowth(findings, server, config, limits.slowCommands(), commands));
        return Verdict.of(findings, allWell(instance, info));
    }

    private static String allWell(InstanceState instance, Fields info) {
        return instance.ping()
                        .optional()
                        .flatMap(Ping::p99)
                        .map(p99 -> "the p99 of PING is " + millis(p99) + ", ")
                        .orElse("")
                + "the last fork took " + info.text("latest_fork_usec").orElse("?") + " µs";
    }

    private static void addFork(
            List<Finding> findings, Fields info, Reading<Fields> config, Duration fork, Commands commands) {
        OptionalLong micros = info.number("latest_fork_usec");
        if (micros.orElse(-1) < 0) {
            findings.add(Finding.unknown(
                    "INFO stats has no latest_fork_usec",
                    "how long a fork stops the server is not known",
                    commands.cli() + " INFO stats"));
        } else if (micros.getAsLong() > fork.toNanos() / 1000) {
            boolean often = config.optional()
                    .flatMap(known -> known.text("save"))
                    .filter(save -> save.strip().split("\\s+", -1).length > 2)
                    .isPresent();
            findings.add(Finding.degraded(
                    "INFO stats: latest_fork_usec is " + micros.getAsLong(),
                    "for so long nobody was answered, and it is so with each snapshot and each rewrite",
                    often
                            ? commands.set("save", "'3600 1'") + " # fewer forks; a crash may lose an hour"
                            : commands.cli() + " MEMORY PURGE; " + commands.cli()
                                    + " MEMORY DOCTOR # the less memory it has, the faster it forks"));
        }
    }

    private static void addGrowth(
            List<Finding> findings, ServerState server, Reading<Fields> config, long slowCommands, Commands commands) {
        long delayed = server.growth().of("aof_delayed_fsync");
        if (delayed > 0) {
            boolean rewriteToo = config.optional()
                    .filter(known -> known.is("no-appendfsync-on-rewrite", "no"))
                    .isPresent();
            findings.add(Finding.degraded(
                    "INFO persistence: aof_delayed_fsync has grown by " + delayed + " within ten minutes",
                    "the disk is too slow for the append-only file, and writes wait for it",
                    rewriteToo
                            ? commands.set("no-appendfsync-on-rewrite", "yes")
                                    + " # a crash during a rewrite may lose 30 s"
                            : "grep . /proc/pressure/io /proc/diskstats; sudo dmesg | tail -n 50"));
        }
        server.slowLog()
                .fold(
                        known -> addSlow(findings, server, slowCommands, commands),
                        unknown -> findings.add(Finding.unknown(
                                unknown.detail(),
                                "whether commands are slow is not known",
                                commands.grant("+slowlog|get", unknown.detail()))));
    }

    /** Always true, so that it fits a fold. */
    private static boolean addSlow(List<Finding> findings, ServerState server, long slowCommands, Commands commands) {
        long slow = server.growth().of("slowlog");
        if (slow > slowCommands) {
            findings.add(Finding.degraded(
                    "SLOWLOG has grown by " + slow + " within ten minutes",
                    "while one of these runs, every other client waits",
                    commands.cli() + " SLOWLOG GET 10"));
        }
        return true;
    }

    private static String millis(Duration duration) {
        return Math.round(duration.toNanos() / 1e4) / 100.0 + " ms";
    }
}
