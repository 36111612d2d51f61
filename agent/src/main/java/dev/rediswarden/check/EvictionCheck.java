package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Policy.Role;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Redis throws away when its memory is full is nothing that somebody counts on. */
record EvictionCheck() implements Check {

    /** Those that there are, and those to come. */
    private static final Pattern POLICY = Pattern.compile("noeviction|(allkeys|volatile)-[a-z]+");

    @Override
    public String name() {
        return "eviction";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        return Asked.config(instance, (server, config) -> judge(server, config, instance.policy(), commands));
    }

    private static Verdict judge(ServerState server, Fields config, Policy wished, Commands commands) {
        String policy = config.text("maxmemory-policy").orElse("");
        if (!POLICY.matcher(policy).matches()) {
            return Verdict.of(Finding.unknown(
                    policy.isEmpty()
                            ? "CONFIG GET has no maxmemory-policy"
                            : "CONFIG maxmemory-policy is '" + policy + "', which is none of Redis'",
                    "what is evicted when memory is full is not known",
                    commands.cli() + " CONFIG GET maxmemory-policy"));
        }
        List<Finding> findings = new ArrayList<>();
        if (policy.startsWith("allkeys-")) {
            addForgotten(findings, server, policy, wished, commands);
        }
        long bound = server.info().number("maxmemory").orElse(-1);
        boolean fillsUp = policy.equals("noeviction") && wished.role() == Role.CACHE;
        if (fillsUp && bound < 0) {
            findings.add(Finding.unknown(
                    "CONFIG maxmemory-policy is noeviction, the role is cache, and INFO memory has no maxmemory",
                    "whether writes are refused where the oldest could go is not known",
                    commands.cli() + " INFO memory"));
        } else if (fillsUp && bound > 0) {
            findings.add(Finding.degraded(
                    "CONFIG maxmemory-policy is noeviction, and the role is cache",
                    "once memory is full every write is refused, where the oldest could go",
                    commands.set("maxmemory-policy", wished.maxmemoryPolicy())));
        } else if (findings.isEmpty()
                && wished.isStated("maxmemory_policy")
                && !policy.equals(wished.maxmemoryPolicy())) {
            findings.add(Finding.degraded(
                    "CONFIG maxmemory-policy is " + policy + ", and the policy wants " + wished.maxmemoryPolicy(),
                    "what goes when memory is full is not what was decided",
                    commands.set("maxmemory-policy", wished.maxmemoryPolicy())));
        }
        return Verdict.of(findings, "maxmemory-policy is " + policy);
    }

    /** Under allkeys-* a queue is a key as every other. */
    private static void addForgotten(
            List<Finding> findings, ServerState server, String policy, Policy wished, Commands commands) {
        String evidence = "CONFIG maxmemory-policy is " + policy;
        String fitting = wished.maxmemoryPolicy().startsWith("allkeys-") ? "volatile-lru" : wished.maxmemoryPolicy();
        String remedy = commands.set("maxmemory-policy", fitting)
                + " # keys with a TTL go, queued tasks stay; a cache without TTLs needs a Redis of its own";
        Reading<KnownKeys> keys = server.inspection().keys();
        String where = keys.optional().stream()
                .flatMap(known -> known.celery().stream())
                .map(database -> "db" + database)
                .collect(Collectors.joining(", "));
        boolean stated = wished.isStated("role") && wished.role().isBroker();
        long evicted = server.growth().of("evicted_keys");
        if (!where.isEmpty() || stated) {
            String holds = where.isEmpty()
                    ? ", and the role is " + wished.role().text()
                    : ", and Celery's keys are in " + where;
            findings.add(
                    evicted > 0
                            ? Finding.unhealthy(
                                    evidence + holds + "; INFO stats: evicted_keys has grown by " + evicted
                                            + " within ten minutes",
                                    "queued tasks are being evicted with the cache, and nobody is told",
                                    remedy)
                            : Finding.degraded(
                                    evidence + holds,
                                    "once memory is full queued tasks are evicted with the cache",
                                    remedy));
        } else if (keys instanceof Reading.Unknown<KnownKeys> unknown) {
            findings.add(Finding.unknown(
                    evidence + ", and whether Celery's keys are here could not be asked (" + unknown.detail() + ")",
                    "queued tasks may be evicted with the cache",
                    commands.cli() + " EXISTS _kombu.binding.celery"));
        } else if (!keys.optional().map(KnownKeys::complete).orElse(true)) {
            findings.add(Finding.unknown(
                    evidence + ", and there are more databases than are looked at",
                    "whether queued tasks are evicted with the cache is not known",
                    commands.cli() + " INFO keyspace"));
        }
    }
}
