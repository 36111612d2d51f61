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
        if (instance.ping()
                .optional()
                .filter(p -> p.outcome() == Ping.Outcome.MISCONF)
                .isPresent()) {
            return Verdict.of(misconf(instance, commands));
        }
        return Asked.info(instance, (info, config) -> Verdict.of(findings(info, commands), "writes are accepted"));
    }

    private static Finding misconf(InstanceState instance, Commands commands) {
        String reply = instance.ping().optional().map(Ping::reply).orElse("");
        return Finding.unhealthy(
                "PING answers " + reply,
                "reads work and every write is refused, since the last snapshot could not be saved",
                commands.journal() + "; df -h /var/lib/redis; then " + commands.cli() + " BGSAVE");
    }

    private static List<Finding> findings(Fields info, Commands commands) {
        List<Finding> findings = new ArrayList<>();
        if (info.is("role", "slave")) {
            String master = info.text("master_host").orElse("?") + ":"
                    + info.text("master_port").orElse("?");
            findings.add(Finding.unhealthy(
                    "INFO replication: role is slave of " + master,
                    "writes are refused, and the dataset is whatever that server sends",
                    commands.cli() + " REPLICAOF NO ONE"));
        }
        OptionalLong max = info.number("maxmemory");
        OptionalLong used = info.number("used_memory");
        boolean full = max.orElse(0) > 0 && used.orElse(0) >= max.orElse(0);
        if (full && info.is("maxmemory_policy", "noeviction")) {
            findings.add(Finding.unhealthy(
                    "INFO memory: used_memory " + Bytes.text(used.orElse(0)) + " of maxmemory "
                            + Bytes.text(max.orElse(0)) + " under noeviction",
                    "every command that would need memory is refused with OOM",
                    commands.set("maxmemory", Long.toString(max.orElse(0) + max.orElse(0) / 4))));
        }
        return findings;
    }
}
