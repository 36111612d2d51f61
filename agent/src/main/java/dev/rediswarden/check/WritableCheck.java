package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Writes are accepted; found out without writing a key. */
record WritableCheck() implements Check {

    @Override
    public String name() {
        return "writable";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        return instance.ping()
                .optional()
                .filter(ping -> !ping.isSilent() && ping.outcome() != Ping.Outcome.PONG)
                .map(ping -> Verdict.of(refused(ping, commands)))
                .orElseGet(() -> Asked.info(
                        instance,
                        (info, config) -> Verdict.of(findings(info, instance, commands), "writes are accepted")));
    }

    /** What PING is refused with, writes are too; whatever INFO said before. */
    private static Finding refused(Ping ping, Commands commands) {
        return switch (ping.outcome()) {
            case MISCONF -> misconf(ping, commands);
            case LOADING ->
                Finding.degraded(
                        "PING answers " + ping.reply(),
                        "writes are refused until the dataset is loaded",
                        commands.cli() + " INFO persistence");
            default ->
                Finding.unknown(
                        "PING answers " + ping.reply(),
                        "whether writes are accepted cannot be verified",
                        commands.journal());
        };
    }

    private static Finding misconf(Ping ping, Commands commands) {
        return Finding.unhealthy(
                "PING answers " + ping.reply(),
                "reads work and every write is refused, since the last snapshot could not be saved",
                commands.journal() + "; df -h " + commands.dir() + "; " + commands.cli() + " BGSAVE");
    }

    /** A replica that somebody wanted is not made a second master by a command that is pasted. */
    private static boolean isDecided(Fields info, InstanceState instance) {
        String master = info.text("master_host").orElse("?") + " "
                + info.text("master_port").orElse("?");
        return instance.confFile()
                .optional()
                .flatMap(conf -> conf.text("replicaof").or(() -> conf.text("slaveof")))
                .filter(master::equals)
                .isPresent();
    }

    private static List<Finding> findings(Fields info, InstanceState instance, Commands commands) {
        List<Finding> findings = new ArrayList<>();
        if (info.is("role", "slave")) {
            String master = info.text("master_host").orElse("?") + ":"
                    + info.text("master_port").orElse("?");
            findings.add(Finding.unhealthy(
                    "INFO replication: role is slave of " + master,
                    "writes are refused, and the dataset is whatever that server sends",
                    isDecided(info, instance)
                            ? commands.cli() + " INFO replication # redis.conf has it so: its sites are to write to "
                                    + master + "; if this one is to take over: " + commands.cli() + " REPLICAOF NO ONE"
                            : commands.cli() + " REPLICAOF NO ONE"));
        }
        OptionalLong max = info.number("maxmemory");
        OptionalLong used = info.number("used_memory");
        boolean full = max.orElse(0) > 0 && used.orElse(0) >= max.orElse(0);
        boolean evicts = info.text("maxmemory_policy")
                .filter(policy -> policy.startsWith("allkeys-") || policy.startsWith("volatile-"))
                .isPresent();
        boolean refuses = info.is("maxmemory_policy", "noeviction");
        if (!(info.is("role", "master") || info.is("role", "slave"))
                || max.orElse(-1) < 0
                || used.orElse(-1) < 0
                || (full && !evicts && !refuses)) {
            findings.add(Finding.unknown(
                    "INFO lacks role, maxmemory, used_memory or maxmemory_policy",
                    "whether writes are accepted cannot be verified",
                    commands.cli() + " INFO"));
        }
        if (full && refuses) {
            findings.add(Finding.unhealthy(
                    "INFO memory: used_memory " + Bytes.text(used.orElse(0)) + " of maxmemory "
                            + Bytes.text(max.orElse(0)) + " under noeviction",
                    "every command that would need memory is refused with OOM",
                    commands.set("maxmemory", Bytes.quarterMore(Math.max(max.orElse(0), used.orElse(0))))));
        }
        return findings;
    }
}
