package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Memory is bounded, and the bound is not near.
 *
 * @param near share of maxmemory above which it is degraded
 * @param full share of maxmemory above which it is unhealthy under noeviction
 * @param fragmentation ratio of resident to used memory above which it is degraded
 * @param fragmentedFrom bytes of used memory below which fragmentation does not matter
 */
record MemoryCheck(double near, double full, double fragmentation, long fragmentedFrom) implements Check {

    static final MemoryCheck STANDARD = new MemoryCheck(0.90, 0.98, 1.5, 64L << 20);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        return Asked.info(instance, (info, config) -> judge(info, commands));
    }

    private Verdict judge(Fields info, Commands commands) {
        long max = info.number("maxmemory").orElse(-1);
        long used = info.number("used_memory").orElse(-1);
        if (max < 0 || used < 0) {
            return Verdict.of(Finding.unknown(
                    "INFO memory has no maxmemory or used_memory",
                    "whether memory is bounded is not known",
                    commands.cli() + " INFO memory"));
        }
        List<Finding> findings = new ArrayList<>();
        if (max == 0) {
            findings.add(unbounded(info, used, commands));
        } else if (used > max * near) {
            findings.add(nearLimit(info, used, max, commands));
        }
        double ratio = info.decimal("mem_fragmentation_ratio").orElse(1);
        if (ratio > fragmentation && used > fragmentedFrom) {
            findings.add(Finding.degraded(
                    String.format(Locale.ROOT, "INFO memory: mem_fragmentation_ratio is %.2f", ratio),
                    "the process holds that much more memory than its data needs",
                    commands.setNow("activedefrag", "yes")));
        }
        return Verdict.of(findings, "used_memory is " + Bytes.text(used) + " of maxmemory " + Bytes.text(max));
    }

    private static Finding unbounded(Fields info, long used, Commands commands) {
        long total = info.number("total_system_memory").orElse(0);
        String host = total > 0 ? "all of the host's " + Bytes.text(total) : "all of the host's memory";
        // Half of the host leaves room for a fork's copies and for everything else that runs here; a bound below what
        // is used would refuse every write at once, or evict.
        long suggested = Math.max(total > 0 ? total / 2 : 256L << 20, used + used / 4) >> 20;
        return Finding.degraded(
                "INFO memory: maxmemory is 0, used_memory is " + Bytes.text(used),
                "it may grow into " + host + " until the kernel kills something",
                commands.set("maxmemory", suggested + "mb"));
    }

    private Finding nearLimit(Fields info, long used, long max, Commands commands) {
        String policy = info.text("maxmemory_policy").orElse("?");
        String evidence = String.format(
                Locale.ROOT,
                "INFO memory: used_memory is %s, %.0f %% of maxmemory %s, policy %s",
                Bytes.text(used),
                100.0 * used / max,
                Bytes.text(max),
                policy);
        String remedy = commands.set("maxmemory", Bytes.quarterMore(max));
        return policy.equals("noeviction") && used > max * full
                ? Finding.unhealthy(evidence, "writes are about to be refused", remedy)
                : Finding.degraded(evidence, "soon keys are evicted, or writes refused", remedy);
    }
}
