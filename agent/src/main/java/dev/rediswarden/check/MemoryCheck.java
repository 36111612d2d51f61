package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Limits;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Memory is bounded, and the bound is not near. */
final class MemoryCheck implements Check {

    private static final long SWAP_MATTERS_FROM = 64L << 20;

    /** A fifth of a large value's memory may be the rest of its size class (jemalloc(3)), which nobody has touched yet. */
    private static final double RESIDENT = 0.75;

    /** Bytes of used memory below which fragmentation does not matter. */
    private static final long FRAGMENTED_FROM = 64L << 20;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        return Asked.info(instance, (info, config) -> judge(info, instance, snapshot, commands));
    }

    private Verdict judge(Fields info, InstanceState instance, Snapshot snapshot, Commands commands) {
        long max = info.number("maxmemory").orElse(-1);
        long used = info.number("used_memory").orElse(-1);
        if (max < 0 || used < 0) {
            return Verdict.of(Finding.unknown(
                    "INFO memory has no maxmemory or used_memory",
                    "whether memory is bounded is not known",
                    commands.cli() + " INFO memory"));
        }
        Limits limits = instance.policy().limits();
        List<Finding> findings = new ArrayList<>();
        if (max == 0) {
            findings.add(unbounded(info, used, instance, commands));
        } else if (used > max * limits.memory()) {
            findings.add(nearLimit(info, used, max, limits.memoryFull(), commands));
        }
        if (max > 0) {
            unwished(info, used, max, instance.policy(), commands).ifPresent(findings::add);
            noRoom(info, used, max, instance, snapshot, commands).ifPresent(findings::add);
            overLimit(info, used, max, instance, commands).ifPresent(findings::add);
        }
        swapped(info, used, commands).ifPresent(findings::add);
        double ratio = info.decimal("mem_fragmentation_ratio").orElse(-1);
        if (used > FRAGMENTED_FROM && !(ratio >= 0)) {
            findings.add(Finding.unknown(
                    "INFO memory has no mem_fragmentation_ratio",
                    "whether the process holds more memory than its data needs is not known",
                    commands.cli() + " INFO memory"));
        } else if (used > FRAGMENTED_FROM && ratio > limits.fragmentation()) {
            findings.add(Finding.degraded(
                    String.format(Locale.ROOT, "INFO memory: mem_fragmentation_ratio is %.2f", ratio),
                    "the process holds that much more memory than its data needs",
                    commands.cli() + " MEMORY PURGE # if it stays: a restart at a quiet hour"));
        }
        return Verdict.of(findings, "used_memory is " + Bytes.text(used) + " of maxmemory " + Bytes.text(max));
    }

    private static Finding unbounded(Fields info, long used, InstanceState instance, Commands commands) {
        long host = info.number("total_system_memory").orElse(0);
        OptionalLong limit = unit(instance).map(UnitState::memoryMax).orElse(OptionalLong.empty());
        boolean limited = limit.isPresent() && (host <= 0 || limit.getAsLong() < host);
        long total = limited ? limit.getAsLong() : host;
        String space = limited
                ? "the MemoryMax of " + Bytes.text(total) + " of " + instance.unitName() + " until the kernel kills it"
                : (total > 0 ? "all of the host's " + Bytes.text(total) : "all of the host's memory")
                        + " until the kernel kills something";
        return Finding.degraded(
                "INFO memory: maxmemory is 0, used_memory is " + Bytes.text(used),
                "it may grow into " + space,
                commands.set("maxmemory", (wished(instance.policy(), total, used) >> 20) + "mb"));
    }

    private static Optional<UnitState> unit(InstanceState instance) {
        return instance.unit().flatMap(Reading::optional);
    }

    /** A bound below what is used would refuse every write at once, or evict. */
    private static long wished(Policy policy, long total, long used) {
        return Math.max(policy.maxmemory().on(total > 0 ? total : 1L << 30), used + used / 4);
    }

    private static Optional<Finding> unwished(Fields info, long used, long max, Policy policy, Commands commands) {
        long total = info.number("total_system_memory").orElse(0);
        long wished = total == 0 && policy.maxmemory().percent() > 0 ? 0 : wished(policy, total, used);
        // A share moves with what the kernel keeps for itself.
        return !policy.isStated("maxmemory") || wished == 0 || Math.abs(wished - max) <= wished / 50
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        "INFO memory: maxmemory is " + Bytes.text(max) + ", and the policy wants " + policy.maxmemory(),
                        "the bound is not the one that was decided",
                        commands.set("maxmemory", (wished(policy, total, used) >> 20) + "mb")));
    }

    /**
     * Whether the host, as it is now, could give what Redis may still take, and what a fork copied when it last had one.
     * Of a server elsewhere the memory is another.
     */
    private static Optional<Finding> noRoom(
            Fields info, long used, long max, InstanceState instance, Snapshot snapshot, Commands commands) {
        long copied = copied(info);
        long needed = sum(Math.max(0, max - used), copied);
        Optional<Long> available = instance.unit().isEmpty()
                ? Optional.empty()
                : snapshot.kernel()
                        .optional()
                        .flatMap(kernel -> kernel.available().optional());
        return available
                .filter(free -> free < needed)
                .map(free -> Finding.degraded(
                        "up to maxmemory " + Bytes.text(max) + " Redis may take " + Bytes.text(needed)
                                + " more, a fork's copies (" + Bytes.text(copied)
                                + " at the last) included; MemAvailable is " + Bytes.text(free),
                        "before its limit is reached the kernel runs out of memory and kills something",
                        commands.set(
                                        "maxmemory",
                                        Math.max(1, (used + Math.max(used / 4, (free - copied) / 2)) >> 20) + "mb")
                                + " # or give the host more memory"));
    }

    /** What a fork copied when it last had one: pages that were written to while it saved. */
    private static long copied(Fields info) {
        return Stream.of("rdb_last_cow_size", "aof_last_cow_size", "current_cow_peak")
                .mapToLong(field -> Math.max(0, info.number(field).orElse(0)))
                .max()
                .orElse(0);
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    /** The unit's own limit, the lower of the two, counts the server and its fork alike (systemd.resource-control(5)). */
    private static Optional<Finding> overLimit(
            Fields info, long used, long max, InstanceState instance, Commands commands) {
        long copied = copied(info);
        long needed = sum(max, copied);
        long hard = unit(instance)
                .map(UnitState::memoryMax)
                .orElse(OptionalLong.empty())
                .orElse(Long.MAX_VALUE);
        long soft = unit(instance)
                .map(UnitState::memoryHigh)
                .orElse(OptionalLong.empty())
                .orElse(Long.MAX_VALUE);
        if (needed <= Math.min(hard, soft)) {
            return Optional.empty();
        }
        boolean kills = needed > hard;
        long limit = kills ? hard : soft;
        String name = kills ? "MemoryMax" : "MemoryHigh";
        long room = limit - copied;
        return Optional.of(Finding.degraded(
                "with maxmemory " + Bytes.text(max) + " Redis may take " + Bytes.text(needed)
                        + ", a fork's copies (" + Bytes.text(copied) + " at the last) included; " + name + " of "
                        + instance.unitName() + " is " + Bytes.text(limit),
                kills
                        ? "before its own limit is reached the kernel kills it"
                        : "from there on the kernel slows it down, and every client waits",
                sum(used, used / 4) <= room
                        ? commands.set("maxmemory", Long.toString(Math.max(used + used / 4, room - room / 10)))
                        : commands.systemctl("set-property") + " " + name + "=" + Bytes.quarterMore(needed)));
    }

    private static Optional<Finding> swapped(Fields info, long used, Commands commands) {
        long resident = info.number("used_memory_rss").orElse(used);
        return used < SWAP_MATTERS_FROM || resident >= used * RESIDENT
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        "INFO memory: used_memory is " + Bytes.text(used) + ", of which only " + Bytes.text(resident)
                                + " are resident (used_memory_rss)",
                        "the rest is swapped out, and each look at it waits for the disk",
                        "free -m; " + commands.cli() + " INFO memory # then less maxmemory, or more memory"));
    }

    private static Finding nearLimit(Fields info, long used, long max, double full, Commands commands) {
        String policy = info.text("maxmemory_policy").orElse("?");
        String evidence = String.format(
                Locale.ROOT,
                "INFO memory: used_memory is %s, %.0f %% of maxmemory %s, policy %s",
                Bytes.text(used),
                100.0 * used / max,
                Bytes.text(max),
                policy);
        String remedy = commands.set("maxmemory", Bytes.quarterMore(Math.max(max, used)));
        return policy.equals("noeviction") && used > max * full
                ? Finding.unhealthy(evidence, "writes are about to be refused", remedy)
                : Finding.degraded(evidence, "soon keys are evicted, or writes refused", remedy);
    }
}
