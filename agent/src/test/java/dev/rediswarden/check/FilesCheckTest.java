package dev.rediswarden.check;

import static dev.rediswarden.check.Expected.degraded;
import static dev.rediswarden.check.Expected.unhealthy;
import static dev.rediswarden.check.Expected.unknown;
import static dev.rediswarden.snapshot.Given.DIR;
import static dev.rediswarden.snapshot.Given.PLACE;
import static dev.rediswarden.snapshot.Given.file;
import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.DataFiles.Place;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FilesCheckTest {

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new FilesCheck());
    }

    /** The first snapshot ended between the look and the INFO that a report has. */
    @Test
    void whatRedisTellsSinceTheLookIsNotMissed() {
        InstanceState then = at(EMPTY)
                .withInfo("rdb_saves", "0")
                .withInfo("rdb_last_load_keys_loaded", "0")
                .state("main");
        Given since = healthy().withInfo("rdb_saves", "1");
        InstanceState now = since.state("main");

        Verdict verdict = new FilesCheck().examine(Given.copy(now, "files", then.files()), since.snapshot("main"));

        assertThat(verdict.status()).as(verdict.detail()).isEqualTo(Status.OK);
    }

    static Stream<Expected> rows() {
        Given saved = healthy().withInfo("rdb_saves", "3");
        Given aof = healthy().withConfig("appendonly", "yes");
        Given notOurs = at(on(new Place(
                OptionalInt.of(0),
                false,
                true,
                false,
                "ext4",
                false,
                OptionalLong.of(10L << 30),
                OptionalLong.of(1_000_000))));
        return Stream.of(
                Expected.ok("a dump that is there is ok", saved, "dump.rdb (88 B), 10.0 GiB free"),
                unhealthy(
                        "a missing directory is unhealthy",
                        at(gone(DIR)),
                        "does not exist",
                        "install -d -o redis -g redis -m 0750 " + DIR),
                unhealthy(
                        "a server whose directory was deleted does not know its name any more",
                        at(gone("")),
                        "CONFIG dir is empty",
                        "install -d -o redis -g redis -m 0750 " + DIR),
                unhealthy(
                        "a directory's name cannot smuggle in a command",
                        at(gone("/tmp/$(reboot)'")),
                        "does not exist",
                        "'/tmp/$(reboot)'\\'''"),
                unhealthy(
                        "with AOF the dump alone would not be loaded",
                        aof.withFiles(Reading.known(gone(DIR))),
                        "does not exist",
                        "appendonly no/I"),
                unhealthy(
                        "a dump deleted under the server is unhealthy",
                        saved.withFiles(Reading.known(EMPTY)),
                        "deleted under the server",
                        "BGSAVE"),
                unhealthy(
                        "so is one that was loaded and is gone",
                        at(EMPTY).withInfo("rdb_last_load_keys_loaded", "9"),
                        "deleted under the server",
                        "BGSAVE"),
                unhealthy(
                        "Redis 6 tells a save by its time alone",
                        at(EMPTY)
                                .withoutInfo("rdb_saves")
                                .withInfo("server_time_usec", "1767323045000000")
                                .withInfo("uptime_in_seconds", "60")
                                .withInfo("rdb_last_save_time", "1767323000"),
                        "deleted under the server",
                        "BGSAVE"),
                unhealthy(
                        "a dump that is older than the last save is not the server's",
                        savedAt(-60, 3600),
                        "dump.rdb was written at 2026-01-02T03:03:05Z, and this server has saved at"
                                + " 2026-01-02T04:04:05Z",
                        "BGSAVE # if that is told again"),
                Expected.ok("a slow disk takes minutes for it", savedAt(-60, 200), ""),
                Expected.ok(
                        "what took long to write, longer",
                        savedAt(-60, 3600).withInfo("rdb_last_bgsave_time_sec", "3500"),
                        ""),
                Expected.ok("its start alone is no save", savedAt(0, 0), ""),
                Expected.ok(
                        "a save that goes on will replace it",
                        savedAt(-60, 3600).withInfo("rdb_bgsave_in_progress", "1"),
                        ""),
                Expected.ok(
                        "with AOF no dump is loaded",
                        savedAt(-60, 3600)
                                .withConfig("appendonly", "yes")
                                .withFiles(Reading.known(new DataFiles(
                                        DIR,
                                        true,
                                        Optional.of(file("dump.rdb")),
                                        Optional.of(file("appendonlydir")),
                                        Reading.known(List.of()),
                                        PLACE))),
                        ""),
                Expected.ok(
                        "its start is no save",
                        at(EMPTY)
                                .withoutInfo("rdb_saves")
                                .withInfo("server_time_usec", "1767323045000000")
                                .withInfo("uptime_in_seconds", "60")
                                .withInfo("rdb_last_save_time", "1767322985"),
                        "nothing saved yet"),
                Expected.ok("no dump is fine before the first one", at(EMPTY), "nothing saved yet"),
                unknown(
                        "no dump is unknown where INFO does not tell of one",
                        at(EMPTY).withoutInfo("rdb_saves"),
                        "does not tell whether there was one",
                        "INFO persistence"),
                unhealthy(
                        "missing AOF files are unhealthy",
                        aof.withFiles(Reading.known(EMPTY)),
                        "files are missing",
                        "BGREWRITEAOF"),
                Expected.ok(
                        "AOF files are not there during their first rewrite",
                        aof.withFiles(Reading.known(EMPTY)).withInfo("aof_rewrite_in_progress", "1"),
                        ""),
                unhealthy(
                        "a manifest that names a missing file is unhealthy",
                        aof.withFiles(Reading.known(lacking())),
                        "appendonly.aof.2.incr.aof, which is not there",
                        "BGREWRITEAOF"),
                unknown(
                        "a manifest that is not understood is unknown",
                        aof.withFiles(Reading.known(manifest(Cause.FAILED, "a.manifest, line 2, is not what"))),
                        "a.manifest, line 2",
                        "BGREWRITEAOF"),
                unknown(
                        "one that may not be read is unknown",
                        aof.withFiles(Reading.known(manifest(Cause.DENIED, "a.manifest may not be looked at"))),
                        "may not be looked at",
                        "sudo -u redis-warden ls -l /var/lib/redis/appendonlydir"),
                Expected.ok(
                        "without AOF no manifest counts",
                        at(manifest(Cause.FAILED, "")).withInfo("rdb_last_load_keys_loaded", "0"),
                        ""),
                degraded(
                        "a tmpfs is degraded",
                        at(on(place("tmpfs", false, 10L << 30, false))),
                        "is on tmpfs",
                        "findmnt"),
                unhealthy(
                        "a read-only file system is unhealthy",
                        at(on(place("ext4", true, 10L << 30, false))),
                        "mounted read-only",
                        "remount,rw"),
                degraded(
                        "too little space for a rewrite is degraded",
                        at(on(place("ext4", false, 87, false))),
                        "87 B free",
                        "df -h"),
                degraded(
                        "a file system that takes no more files is degraded, whatever its space",
                        at(on(inodes(OptionalLong.of(7)))),
                        "7 free inodes",
                        "df -i " + DIR),
                Expected.ok(
                        "a file system that has no bound of its own for files is ok",
                        at(on(inodes(OptionalLong.empty()))),
                        "10.0 GiB free"),
                degraded(
                        "a dump that everybody may read is degraded",
                        at(on(place("ext4", false, 10L << 30, true))),
                        "open to every user",
                        "chmod 0750 " + DIR),
                unhealthy(
                        "a directory of another user's is unhealthy once saving failed",
                        notOurs.withInfo("rdb_last_bgsave_status", "err"),
                        "belongs to user 0",
                        "chown redis: "),
                unhealthy(
                        "another's directory that nobody else may write is unhealthy before the first save fails",
                        at(on(Given.copy(PLACE, "owner", OptionalInt.of(0)))),
                        "belongs to user 0, the server runs as user 110: the next snapshot fails",
                        "chown redis: " + DIR),
                degraded(
                        "a directory that is everybody's is not taken from them",
                        healthy()
                                .withFiles(Reading.known(Given.copy(
                                        on(Given.copy(PLACE, "openToOthers", true, "writableByOthers", true)),
                                        "directory",
                                        "/tmp"))),
                        "/tmp is open to every user",
                        "sudoedit /etc/redis/redis.conf # with a dir of Redis' own"),
                Expected.ok(
                        "what is never written needs no right to be",
                        at(on(Given.copy(
                                        PLACE,
                                        "owner",
                                        OptionalInt.of(0),
                                        "readOnly",
                                        true,
                                        "free",
                                        OptionalLong.of(0))))
                                .withConfig("save", ""),
                        ""),
                new Expected(
                        "what no unit of this host runs need not have its files here",
                        at(gone("/data")).withUnit(Optional.empty()),
                        Status.OFF,
                        "",
                        ""),
                unknown("a directory that may not be seen is unknown", healthy().withFiles(Given.unknown())),
                unknown("without CONFIG it is unknown", healthy().withConfig(Given.unknown())));
    }

    /** A server that started and saved so many seconds before or after NOW, an hour and more ago by its clock. */
    private static Given savedAt(long start, long save) {
        long now = Given.NOW.getEpochSecond() + 7200;
        return healthy()
                .withInfo("server_time_usec", now + "000000")
                .withInfo("uptime_in_seconds", Long.toString(7200 - start))
                .withInfo("rdb_last_save_time", Long.toString(Given.NOW.getEpochSecond() + save));
    }

    private static final DataFiles EMPTY =
            new DataFiles(DIR, true, Optional.empty(), Optional.empty(), Reading.known(List.of()), PLACE);

    private static Given at(DataFiles files) {
        return healthy().withFiles(Reading.known(files));
    }

    private static DataFiles gone(String directory) {
        return new DataFiles(
                directory, false, Optional.empty(), Optional.empty(), Reading.known(List.of()), Place.UNKNOWN);
    }

    private static DataFiles lacking() {
        Reading<List<String>> missing = Reading.known(List.of("appendonly.aof.2.incr.aof"));
        return new DataFiles(DIR, true, Optional.empty(), Optional.of(file("appendonlydir")), missing, PLACE);
    }

    private static DataFiles manifest(Cause cause, String detail) {
        Optional<DataFiles.File> directory = Optional.of(file("appendonlydir"));
        return new DataFiles(DIR, true, Optional.empty(), directory, Reading.unknown(cause, detail), PLACE);
    }

    private static DataFiles on(Place place) {
        DataFiles.File dump = new DataFiles.File(DIR + "/dump.rdb", 88, Given.NOW, true);
        return new DataFiles(DIR, true, Optional.of(dump), Optional.empty(), Reading.known(List.of()), place);
    }

    private static Place inodes(OptionalLong left) {
        return new Place(OptionalInt.of(110), false, false, false, "ext4", false, OptionalLong.of(10L << 30), left);
    }

    private static Place place(String type, boolean readOnly, long free, boolean open) {
        return new Place(
                OptionalInt.of(110),
                open,
                false,
                false,
                type,
                readOnly,
                OptionalLong.of(free),
                OptionalLong.of(1_000_000));
    }
}
