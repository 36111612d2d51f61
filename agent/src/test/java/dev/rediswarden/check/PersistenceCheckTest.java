package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unhealthy;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.DIR;
import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PersistenceCheckTest {

    private static final Policy STRICT = Wished.of(
            Policy.Role.CACHE_AND_BROKER, true, true, "900 1 300 10 60 10000", "persistence", "appendfsync", "save");

    private static final Policy FORGETFUL = Wished.of(Policy.Role.CACHE, false, false, "", "persistence", "role");

    @ParameterizedTest
    @MethodSource({"lastWrites", "savePoints", "theNextRestart", "wishes", "whatIsNotKnown"})
    void rows(Expected row) {
        row.holdsFor(new PersistenceCheck());
    }

    static Stream<Expected> lastWrites() {
        return Stream.of(
                Expected.ok("save points and good writes are ok", healthy(), "AOF off, save points 3600 1 300 100"),
                unhealthy(
                        "a failed snapshot is unhealthy",
                        healthy().withInfo("rdb_last_bgsave_status", "err"),
                        "rdb_last_bgsave_status is err",
                        "BGSAVE"),
                unhealthy(
                        "a failed append is unhealthy",
                        healthy().withInfo("aof_last_write_status", "err"),
                        "aof_last_write_status is err",
                        "df -h"),
                degraded(
                        "a failed rewrite is degraded",
                        healthy().withInfo("aof_last_bgrewrite_status", "err"),
                        "aof_last_bgrewrite_status is err",
                        "BGREWRITEAOF"));
    }

    static Stream<Expected> savePoints() {
        return Stream.of(
                degraded(
                        "neither save points nor AOF is degraded",
                        healthy().withConfig("save", ""),
                        "appendonly is no",
                        "CONFIG SET save '3600 1 300 100 60 10000'"),
                Expected.ok("a save within its time is ok", changes("1", 3600 + 299), ""),
                degraded("changes older than their save point are degraded", changes("1", 3901), "3901 s", "BGSAVE"),
                Expected.ok("no changes are never late", changes("0", 999_999), ""),
                Expected.ok(
                        "a save under way is not late",
                        changes("1", 999_999).withInfo("rdb_bgsave_in_progress", "1"),
                        ""),
                degraded(
                        "one that does not come to its end is",
                        changes("1", 5000)
                                .withInfo("rdb_bgsave_in_progress", "1")
                                .withInfo("rdb_current_bgsave_time_sec", "1300")
                                .withInfo("rdb_last_bgsave_time_sec", "300"),
                        "one is under way for 1300 s, and does not come to its end",
                        "sudo pkill -CONT -P 812"),
                Expected.ok(
                        "a large dataset takes its time each time",
                        changes("1", 5000)
                                .withInfo("rdb_bgsave_in_progress", "1")
                                .withInfo("rdb_current_bgsave_time_sec", "1300")
                                .withInfo("rdb_last_bgsave_time_sec", "500"),
                        ""),
                degraded(
                        "a rewrite that does not come to its end is degraded",
                        withAof()
                                .withInfo("aof_rewrite_in_progress", "1")
                                .withInfo("aof_current_rewrite_time_sec", "901"),
                        "a rewrite of the append-only file is under way for 901 s",
                        "sudo pkill -USR1 -P 812; redis-cli --askpass BGREWRITEAOF"),
                degraded(
                        "a rewrite that hangs keeps snapshots from being taken",
                        changes("1", 3901)
                                .withInfo("aof_rewrite_in_progress", "1")
                                .withInfo("aof_current_rewrite_time_sec", "3700"),
                        "a rewrite of the append-only file is under way for 3700 s",
                        "sudo pkill -USR1 -P 812; redis-cli --askpass BGSAVE"),
                unknown(
                        "save points that nobody can read are unknown",
                        healthy().withConfig("save", "soon")));
    }

    static Stream<Expected> theNextRestart() {
        return Stream.of(
                unhealthy(
                        "AOF in the file and not at run time loses everything",
                        healthy().withConfFile("appendonly", "yes"),
                        "the next restart",
                        "CONFIG SET appendonly yes"),
                degraded(
                        "AOF at run time and not in the file is degraded",
                        withAof().withConfFile("appendonly", "no"),
                        "redis.conf does not",
                        "CONFIG REWRITE"),
                Expected.ok("AOF in both is ok", withAof(), "AOF on"));
    }

    static Stream<Expected> wishes() {
        Given strict = healthy().with(STRICT);
        return Stream.of(
                degraded("AOF that is wanted and off is degraded", strict, "wants the append-only file", "apply"),
                degraded(
                        "another fsync than the one that is wanted is degraded",
                        withAof().with(STRICT).withConfig("save", STRICT.save()).withConfig("appendfsync", "no"),
                        "appendfsync is no",
                        "CONFIG SET appendfsync everysec"),
                degraded(
                        "other save points than those that are wanted are degraded",
                        withAof().with(STRICT).withConfig("appendfsync", "everysec"),
                        "save is '3600 1 300 100'",
                        "CONFIG SET save '900 1 300 10 60 10000'"),
                Expected.ok(
                        "what nobody stated is no fault",
                        healthy().withConfig("save", "60 1").withConfig("appendfsync", "no"),
                        ""),
                Expected.ok(
                        "a cache may forget where that was decided",
                        healthy().with(FORGETFUL).withConfig("save", ""),
                        "no save points"));
    }

    static Stream<Expected> whatIsNotKnown() {
        return Stream.of(
                unknown("a silent server is unknown", healthy().with(ping(Outcome.REFUSED, ""))),
                unknown("CONFIG that may not be asked is unknown", healthy().withConfig(Given.unknown())),
                unknown("CONFIG without save is unknown", healthy().withConfig(Reading.known(Map.of("dir", DIR)))),
                unknown("redis.conf that may not be read is unknown", healthy().withConfFile(Given.unknown())),
                unknown("INFO without a status is unknown", healthy().withoutInfo("rdb_last_bgsave_status")),
                unknown("INFO without AOF is unknown", healthy().withoutInfo("aof_enabled")));
    }

    private static Given changes(String number, long lastSaveAgo) {
        return healthy()
                .withInfo("rdb_changes_since_last_save", number)
                .withInfo("rdb_last_save_time", Long.toString(NOW.getEpochSecond() - lastSaveAgo));
    }

    private static Given withAof() {
        return healthy()
                .withInfo("aof_enabled", "1")
                .withConfig("appendonly", "yes")
                .withConfFile("appendonly", "yes");
    }
}
