package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WritableCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new WritableCheck());
    }

    static Stream<Expected> rows() {
        Given full = healthy().withInfo("used_memory", "1073741824");
        return Stream.of(
                Expected.ok("a master with room accepts writes", healthy(), "writes are accepted"),
                new Expected(
                        "MISCONF is unhealthy while reads work",
                        healthy().with(ping(Outcome.MISCONF, "MISCONF Errors writing")),
                        Status.UNHEALTHY,
                        "every write is refused",
                        "BGSAVE"),
                new Expected(
                        "a replica is unhealthy and names its master",
                        healthy().withInfo("role", "slave").withInfo("master_host", "10.0.0.9"),
                        Status.UNHEALTHY,
                        "slave of 10.0.0.9:?",
                        "redis-cli --askpass REPLICAOF NO ONE"),
                new Expected(
                        "a replica that redis.conf wants is not made a second master by what is pasted",
                        healthy()
                                .withInfo("role", "slave")
                                .withInfo("master_host", "10.0.0.9")
                                .withInfo("master_port", "6379")
                                .withConfFile("slaveof", "10.0.0.9 6379"),
                        Status.UNHEALTHY,
                        "slave of 10.0.0.9:6379",
                        "INFO replication # redis.conf has it so"),
                new Expected(
                        "full memory under noeviction is unhealthy",
                        full,
                        Status.UNHEALTHY,
                        "1.0 GiB of maxmemory 1.0 GiB",
                        "CONFIG SET maxmemory 1342177280"),
                Expected.ok(
                        "full memory with eviction accepts writes",
                        full.withInfo("maxmemory_policy", "allkeys-lru"),
                        "writes are accepted"),
                Expected.ok("no limit is never full", full.withInfo("maxmemory", "0"), "writes are accepted"),
                new Expected(
                        "a loading server refuses writes and is degraded",
                        healthy().with(ping(Outcome.LOADING, "LOADING")),
                        Status.DEGRADED,
                        "until the dataset is loaded",
                        "INFO persistence"),
                new Expected(
                        "a busy server is not known to accept writes",
                        healthy().with(ping(Outcome.BUSY, "BUSY")),
                        Status.UNKNOWN,
                        "cannot be verified",
                        ""),
                new Expected(
                        "a server that refuses our PING is not known to accept writes",
                        healthy().with(ping(Outcome.NOT_PERMITTED, "NOAUTH")),
                        Status.UNKNOWN,
                        "NOAUTH",
                        ""),
                new Expected(
                        "a silent server is not known to accept writes",
                        healthy().with(ping(Outcome.REFUSED, "")),
                        Status.UNKNOWN,
                        "does not answer",
                        ""),
                new Expected(
                        "without a role in INFO it is unknown",
                        healthy().withoutInfo("role"),
                        Status.UNKNOWN,
                        "INFO lacks role",
                        ""),
                new Expected(
                        "without memory in INFO it is unknown",
                        healthy().withoutInfo("used_memory"),
                        Status.UNKNOWN,
                        "used_memory",
                        ""));
    }
}
