package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unhealthy;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Policy.Role;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvictionCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new EvictionCheck());
    }

    static Stream<Expected> rows() {
        Given all = healthy().withConfig("maxmemory-policy", "allkeys-lru");
        Given tasks = all.with(new KnownKeys(List.of(1), List.of(), List.of(), true));
        return Stream.of(
                Expected.ok("noeviction is ok", healthy(), "maxmemory-policy is noeviction"),
                Expected.ok("allkeys-* is ok where no queue is", all, "maxmemory-policy is allkeys-lru"),
                degraded(
                        "allkeys-* beside Celery's keys is degraded",
                        tasks,
                        "Celery's keys are in db1",
                        "volatile-lru"),
                unhealthy(
                        "it is unhealthy once keys are evicted",
                        tasks.grown("evicted_keys", 12),
                        "grown by 12",
                        "CONFIG SET maxmemory-policy volatile-lru"),
                degraded(
                        "allkeys-* for a broker is degraded before its first task",
                        all.with(Wished.role(Role.BROKER, "noeviction", "role")),
                        "the role is broker",
                        "CONFIG SET maxmemory-policy noeviction"),
                degraded(
                        "a cache under noeviction is degraded",
                        healthy().with(Wished.role(Role.CACHE, "allkeys-lru", "role")),
                        "the role is cache",
                        "CONFIG SET maxmemory-policy allkeys-lru"),
                degraded(
                        "another policy than the stated one is degraded",
                        healthy().with(Wished.role(Role.CACHE_AND_BROKER, "volatile-lru", "maxmemory_policy")),
                        "the policy wants volatile-lru",
                        "volatile-lru"),
                unknown(
                        "a cache under noeviction is unknown without a bound",
                        healthy()
                                .with(Wished.role(Role.CACHE, "allkeys-lru", "role"))
                                .withoutInfo("maxmemory")),
                Expected.ok(
                        "a policy of a version to come is ok",
                        healthy().withConfig("maxmemory-policy", "volatile-lrm"),
                        "volatile-lrm"),
                unknown("a policy that is none is unknown", healthy().withConfig("maxmemory-policy", "maybe")),
                unknown("allkeys-* is unknown where keys may not be asked for", all.withKeys(Given.unknown())),
                unknown(
                        "it is unknown where not all databases were looked at",
                        all.with(new KnownKeys(List.of(), List.of(), List.of(), false))),
                unknown("without CONFIG it is unknown", healthy().withConfig(Given.unknown())));
    }
}
