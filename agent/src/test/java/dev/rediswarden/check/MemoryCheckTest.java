package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.UnitState;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new MemoryCheck());
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
                degraded(
                        "a fork's copies beyond all bounds are degraded",
                        healthy().withInfo("rdb_last_cow_size", "9223372036854775807"),
                        "MemAvailable is 4.0 GiB",
                        ""),
                degraded(
                        "a unit's limit below maxmemory is degraded",
                        limited(1L << 29, -1),
                        "MemoryMax of redis-server.service is 512.0 MiB: before its own limit is reached the kernel"
                                + " kills it",
                        "CONFIG SET maxmemory 483183821"),
                degraded(
                        "it counts what a fork copies",
                        limited(1L << 30, -1).withInfo("rdb_last_cow_size", "1048576"),
                        "may take 1.0 GiB, a fork's copies (1.0 MiB at the last) included",
                        "CONFIG SET maxmemory 965423924"),
                degraded(
                        "a limit that slows it down is degraded",
                        limited(-1, 1L << 29),
                        "MemoryHigh of redis-server.service is 512.0 MiB: from there on the kernel slows it down",
                        "CONFIG SET maxmemory"),
                degraded(
                        "where data is near the limit, the limit is raised",
                        limited(1L << 29, -1).withInfo("used_memory", "500000000"),
                        "MemoryMax",
                        "systemctl set-property redis-server.service MemoryMax=1342177280"),
                degraded(
                        "without a bound the unit's limit is what it grows into",
                        limited(1L << 29, -1).withInfo("maxmemory", "0").withInfo("total_system_memory", "2147483648"),
                        "the MemoryMax of 512.0 MiB of redis-server.service until the kernel kills it",
                        "CONFIG SET maxmemory 128mb"),
                Expected.ok("a limit with room is ok", limited(2L << 30, 2L << 30), ""),
                Expected.ok(
                        "of a server elsewhere the memory is another",
                        healthy().withInfo("maxmemory", "8589934592").withUnit(Optional.empty()),
                        ""),
                degraded(
                        "data that is not resident is swapped out",
                        large.withInfo("used_memory_rss", "314572800"),
                        "only 300.0 MiB are resident",
                        "free -m"),
                Expected.ok(
                        "what large values leave of their size class untouched is not swapped out",
                        large.withInfo("used_memory_rss", "880803840"),
                        ""),
                unknown("without maxmemory it is unknown", healthy().withoutInfo("maxmemory")),
                unknown("without used_memory it is unknown", healthy().withoutInfo("used_memory")),
                unknown("a word for a number is unknown", healthy().withInfo("used_memory", "much")),
                unknown("less than nothing is unknown", healthy().withInfo("maxmemory", "-1")),
                unknown("a silent server is unknown", healthy().with(ping(Outcome.TIMEOUT, ""))));
    }

    /** The unit's MemoryMax and MemoryHigh in bytes, -1 for none. */
    private static Given limited(long max, long high) {
        UnitState unit = Given.unit("loaded", "enabled", "active", "running", "success");
        return healthy()
                .with(Given.copy(
                        unit,
                        "memoryMax",
                        max < 0 ? OptionalLong.empty() : OptionalLong.of(max),
                        "memoryHigh",
                        high < 0 ? OptionalLong.empty() : OptionalLong.of(high)));
    }

    private static Given used(String bytes) {
        return healthy().withInfo("used_memory", bytes);
    }
}
