package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFilesProbeTest {

    @TempDir
    private Path dir = Path.of("");

    @Test
    void anEmptyDirectoryHasNoFiles() {
        DataFiles files = look(Map.of("dbfilename", "dump.rdb"));

        assertThat(files.directory()).isEqualTo(dir.toString());
        assertThat(files.directoryExists()).isTrue();
        assertThat(files.rdb()).isEmpty();
        assertThat(files.aof()).isEmpty();
    }

    @Test
    void aSnapshotIsMeasured() throws IOException {
        Path dump = Files.writeString(dir.resolve("mine.rdb"), "REDIS0010");

        Instant changed = Files.getLastModifiedTime(dump).toInstant();

        assertThat(look(Map.of("dbfilename", "mine.rdb")).rdb()).hasValueSatisfying(file -> {
            assertThat(file.path()).isEqualTo(dump.toString());
            assertThat(file.size()).isEqualTo(9);
            assertThat(file.modifiedAt()).isEqualTo(changed);
        });
    }

    @Test
    void appendOnlyFilesAreADirectorySinceRedis7AndAFileBefore() throws IOException {
        Files.createDirectory(dir.resolve("appendonlydir"));
        Files.writeString(dir.resolve("old.aof"), "*");

        assertThat(look(Map.of("appenddirname", "appendonlydir", "appendfilename", "none.aof"))
                        .aof())
                .isPresent();
        assertThat(look(Map.of("appendfilename", "old.aof")).aof()).isPresent();
        assertThat(look(Map.of("appendfilename", "none.aof")).aof()).isEmpty();
    }

    @Test
    void aFileThatTheManifestNamesAndTheDirectoryHasNotIsTold() throws IOException {
        Path aof = Files.createDirectory(dir.resolve("appendonlydir"));
        Files.writeString(aof.resolve("appendonly.aof.1.base.rdb"), "12345");
        Map<String, String> on =
                Map.of("appendonly", "yes", "appenddirname", "appendonlydir", "appendfilename", "appendonly.aof");
        assertThat(look(on).lacking()).isEqualTo(Reading.known(List.of("appendonly.aof.manifest")));

        Files.writeString(aof.resolve("appendonly.aof.manifest"), """
                file appendonly.aof.1.base.rdb seq 1 type b
                file appendonly.aof.9.incr.aof seq 9 type h
                file appendonly.aof.1.incr.aof seq 1 type i
                """);

        assertThat(look(on).lacking()).isEqualTo(Reading.known(List.of("appendonly.aof.1.incr.aof")));
        assertThat(look(on).aof().orElseThrow().size()).isGreaterThan(100);
    }

    @Test
    void thePlaceIsToldAsTheKernelSeesIt() throws IOException {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xrwx"));

        DataFiles.Place place = look(Map.of()).place();

        assertThat(place.owner()).hasValue((Integer) Files.getAttribute(dir, "unix:uid"));
        assertThat(place.writableByOthers()).isTrue();
        assertThat(place.fileSystem()).isNotEmpty();
        assertThat(place.free().orElseThrow()).isPositive();
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-x---"));
        assertThat(look(Map.of()).place().openToOthers()).isFalse();
    }

    @Test
    void aMissingDirectoryIsTold() {
        assertThat(look(Map.of("dir", dir + "/gone")).directoryExists()).isFalse();
    }

    @Test
    void anEmptyNameIsThatOfADeletedDirectoryAndNotThisProcesssOwn() {
        assertThat(look(Map.of("dir", "")).directoryExists()).isFalse();
    }

    @Test
    void aFileInPlaceOfTheDirectoryIsNoDirectory() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");

        assertThat(look(Map.of("dir", file.toString())).directoryExists()).isFalse();
    }

    @Test
    void aDanglingLinkIsMissing() throws IOException {
        Files.createSymbolicLink(dir.resolve("dump.rdb"), dir.resolve("gone.rdb"));

        assertThat(look(Map.of()).rdb()).isEmpty();
    }

    @Test
    void aLinkToItselfIsUnknown() throws IOException {
        Path loop = dir.resolve("loop");
        Files.createSymbolicLink(loop, loop);

        assertThat(cause(read(Map.of("dir", loop.toString())))).isEqualTo(Cause.FAILED);
    }

    @Test
    void aNameThatNoFileCanHaveIsUnknown() {
        assertThat(cause(read(Map.of("dbfilename", "x".repeat(300))))).isEqualTo(Cause.FAILED);
    }

    @Test
    void withoutADirectoryInConfigItIsUnknown() {
        Reading<DataFiles.Look> reading = reading(Reading.known(Map.of()));

        assertThat(cause(reading)).isEqualTo(Cause.UNSUPPORTED);
    }

    @Test
    void whyConfigIsUnknownIsPassedOn() {
        Reading<DataFiles.Look> reading = reading(Reading.unknown(Cause.DENIED, "NOPERM"));

        assertThat(cause(reading)).isEqualTo(Cause.DENIED);
        assertThat(reading).isEqualTo(Reading.unknown(Cause.DENIED, "where it is is not known: NOPERM"));
    }

    private DataFiles look(Map<String, String> config) {
        return read(config).optional().orElseThrow().files();
    }

    private Reading<DataFiles.Look> read(Map<String, String> config) {
        Map<String, String> all = new TreeMap<>(Map.of("dir", dir.toString()));
        all.putAll(config);
        return reading(Reading.known(all));
    }

    private static Reading<DataFiles.Look> reading(Reading<Map<String, String>> config) {
        return new DataFilesProbe("main", Given.healthy().withConfig(config).state("main")::server).read();
    }

    private static Cause cause(Reading<?> reading) {
        return reading.fold(known -> Cause.NOT_READ, unknown -> unknown.cause());
    }
}
