package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(MemoryCheck.STANDARD);
    }

    static Stream<Expected> rows() {
        Given large = used("536870912");
        return Stream.of(
                Expected.ok("bounded and far from it is ok", healthy(), "1.0 MiB of maxmemory 1.0 GiB"),
                degraded("no bound is degraded", healthy().withInfo("maxmemory", "0"), "maxmemory is 0", "256mb"),
                degraded(
                        "a quarter of the host is proposed as the bound",
                        healthy().withInfo("maxmemory", "0").withInfo("total_system_memory", "2147483648"),
                        "all of the host's 2.0 GiB",
                        "CONFIG SET maxmemory 512mb && redis-cli --askpass CONFIG REWRITE"),
                degraded(
                        "no bound is proposed that is below what is used",
                        healthy()
                                .withInfo("maxmemory", "0")
                                .withInfo("total_system_memory", "2147483648")
                                .withInfo("used_memory", "1610612736"),
                        "1.5 GiB",
                        "CONFIG SET maxmemory 1920mb"),
                Expected.ok("90 % is not near", used("966367641"), "921.6 MiB"),
                degraded("above 90 % is degraded", used("977105060"), "91 %", "CONFIG SET maxmemory 1342177280"),
                new Expected(
                        "above 98 % under noeviction is unhealthy",
                        used("1063004406"), Status.UNHEALTHY, "99 %", "CONFIG SET maxmemory"),
                degraded(
                        "above 98 % with eviction is degraded",
                        used("1063004406").withInfo("maxmemory_policy", "allkeys-lru"), "allkeys-lru", ""),
                degraded(
                        "fragmentation of much memory is degraded",
                        large.withInfo("mem_fragmentation_ratio", "1.51"),
                        "is 1.51",
                        "MEMORY PURGE"),
                Expected.ok(
                        "fragmentation of little memory does not matter",
                        healthy().withInfo("mem_fragmentation_ratio", "9.99"),
                        ""),
                Expected.ok("1.5 is no fragmentation yet", large.withInfo("mem_fragmentation_ratio", "1.50"), ""),
                degraded(
                        "a bound that the host cannot give any more is degraded",
                        healthy().withInfo("maxmemory", "8589934592").withInfo("rdb_last_cow_size", "1048576"),
                        "MemAvailable is 4.0 GiB",
                        "CONFIG SET maxmemory 2048mb"),
                Expected.ok(
                        "of a server elsewhere the memory is another",
                        healthy().withInfo("maxmemory", "8589934592").withUnit(Optional.empty()),
                        ""),
                degraded(
                        "data that is not resident is swapped out",
                        large.withInfo("used_memory_rss", "429496729"),
                        "only 409.6 MiB are resident",
                        "free -m"),
                unknown("without maxmemory it is unknown", healthy().withoutInfo("maxmemory")),
                unknown("without used_memory it is unknown", healthy().withoutInfo("used_memory")),
                unknown("a word for a number is unknown", healthy().withInfo("used_memory", "much")),
                unknown("less than nothing is unknown", healthy().withInfo("maxmemory", "-1")),
                unknown("a silent server is unknown", healthy().with(ping(Outcome.TIMEOUT, ""))));
    }

    private static Given used(String bytes) {
        return healthy().withInfo("used_memory", bytes);
    }
}
