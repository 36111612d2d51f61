package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Its memory has a limit of the kernel's, with room for a fork, and the node keeps some for it. */
record LimitsCheck() implements Check {

    /** Where nobody has set maxmemory, and Redis says nothing. */
    private static final long USUAL = 512L << 20;

    private static final long RESERVED = 256L << 20;

    /** The server itself, its connections, the log's buffers: what maxmemory does not count. */
    private static final long BESIDE = 32L << 20;

    /** Of what it has, a fork copies what is written to while it saves: so much at least is to be expected. */
    private static final int SHARE_COPIED = 4;

    @Override
    public String name() {
        return "limits";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return InSwarm.service(instance, (service, commands) -> {
            List<Finding> findings = new ArrayList<>();
            Optional<Fields> info = instance.isSilent()
                    ? Optional.empty()
                    : instance.server().optional().map(server -> server.info());
            OptionalLong max = info.map(said -> said.number("maxmemory"))
                    .filter(said -> said.orElse(-1) >= 0)
                    .orElse(OptionalLong.empty());
            if (service.memoryLimit().isEmpty()) {
                findings.add(Finding.degraded(
                        "docker service: " + service.name() + " has no memory limit",
                        "it may take all of its node's, until the kernel kills something",
                        commands.update("--limit-memory " + ServiceCommands.size(needed(max, info)))));
            } else if (max.isEmpty()) {
                findings.add(Asked.WAITS);
            } else {
                limited(service.memoryLimit().getAsLong(), max.getAsLong(), info.orElseThrow(), instance, commands)
                        .ifPresent(findings::add);
            }
            if (service.memoryReserved().isEmpty()) {
                long most = service.memoryLimit().orElse(RESERVED);
                findings.add(Finding.degraded(
                        "docker service: " + service.name() + " has no memory reserved",
                        "the Swarm puts it on a node that has none to give",
                        commands.update("--reserve-memory " + ServiceCommands.size(Math.min(RESERVED, most)))));
            }
            return Verdict.of(findings, allWell(service, max, info));
        });
    }

    private static Optional<Finding> limited(
            long limit, long max, Fields info, InstanceState instance, ServiceCommands commands) {
        if (max == 0) {
            return Optional.of(Finding.degraded(
                    "its memory limit is " + Bytes.text(limit) + ", and INFO memory has maxmemory 0",
                    "it grows until the kernel kills it at that limit",
                    Commands.of(instance).set("maxmemory", Long.toString(most(limit)))));
        }
        long needed = needed(OptionalLong.of(max), Optional.of(info));
        return limit >= needed
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        "its memory limit is " + Bytes.text(limit) + "; with maxmemory " + Bytes.text(max)
                                + " Redis may take " + Bytes.text(needed) + ", a fork's copies ("
                                + Bytes.text(copied(max, info)) + ") included",
                        "the kernel kills it at its limit before Redis evicts or refuses anything",
                        commands.update("--limit-memory " + ServiceCommands.size(needed))));
    }

    /** The largest maxmemory that leaves room within the limit. */
    private static long most(long limit) {
        return Math.max(1 << 20, (limit - BESIDE) / (SHARE_COPIED + 1) * SHARE_COPIED);
    }

    private static long needed(OptionalLong maxmemory, Optional<Fields> info) {
        long max = maxmemory.orElse(0) > 0 ? maxmemory.getAsLong() : USUAL;
        long used = info.map(said -> said.number("used_memory").orElse(0)).orElse(0L);
        long bound = Math.min(Math.max(max, used), Long.MAX_VALUE / 4);
        return bound + info.map(said -> copied(bound, said)).orElse(bound / SHARE_COPIED) + BESIDE;
    }

    /** What a fork copied when it last had one, and a quarter at least. */
    private static long copied(long max, Fields info) {
        long last = Stream.of("rdb_last_cow_size", "aof_last_cow_size", "current_cow_peak")
                .mapToLong(field -> Math.max(0, info.number(field).orElse(0)))
                .max()
                .orElse(0);
        return Math.max(Math.min(last, Long.MAX_VALUE / 4), max / SHARE_COPIED);
    }

    private static String allWell(SwarmService service, OptionalLong max, Optional<Fields> info) {
        return "limited to " + Bytes.text(service.memoryLimit().orElse(0)) + ", of which Redis may take "
                + Bytes.text(needed(max, info)) + "; "
                + Bytes.text(service.memoryReserved().orElse(0))
                + " reserved";
    }
}
