package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.redis.RedisServer;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Verification.Kind;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Verified;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a real Redis wrote, whole and broken, under its own tools. */
class VerificationRunTest {

    private static final String BASE = "appendonlydir/appendonly.aof.1.base.rdb";
    private static final String INCREMENT = "appendonlydir/appendonly.aof.1.incr.aof";
    private static final String MANIFEST = "appendonlydir/appendonly.aof.manifest";

    @TempDir
    private Path directory = Path.of("");

    private Path data = Path.of("");
    private Path copies = Path.of("");
    private Path state = Path.of("");
    private List<Path> tools = CheckTool.DIRECTORIES;
    private final List<Verified> toldAgain = new ArrayList<>();
    private final Map<String, Integer> progress = new TreeMap<>();

    @BeforeEach
    void filesOfARealServer() throws IOException {
        data = Files.createDirectory(directory.resolve("data"));
        copies = Files.createDirectory(directory.resolve("copies"));
        state = directory.resolve("verified");
        try (RedisServer redis = RedisServer.in(data)
                .with("appendonly yes", "enable-debug-command yes")
                .start()) {
            redis.cli("DEBUG", "POPULATE", "2000");
            // Turned on anew, its base has the keys.
            redis.cli("CONFIG", "SET", "appendonly", "no");
            for (Path file : files("appendonlydir")) {
                Files.delete(file);
            }
            redis.cli("CONFIG", "SET", "appendonly", "yes");
            Awaitility.await().until(() -> redis.cli("INFO", "persistence").contains("aof_rewrite_in_progress:0"));
            for (int i = 0; i < 100; i++) {
                redis.cli("SET", "key:" + i, "value");
            }
            redis.cli("SAVE");
        }
        for (Path file : files("appendonlydir")) {
            Files.move(
                    file, file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.\\d+\\.", ".1.")));
        }
        Files.writeString(
                data.resolve(MANIFEST),
                "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
    }

    private List<Path> files(String name) throws IOException {
        try (Stream<Path> found = Files.list(data.resolve(name))) {
            return found.filter(file -> !file.toString().endsWith("manifest")).toList();
        }
    }

    @Test
    void whatRedisWroteIsGood() throws IOException {
        Map<String, String> before = contents();

        assertThat(verify())
                .extracting(Verified::kind)
                .containsExactly(Kind.MANIFEST, Kind.BASE, Kind.INCREMENT, Kind.DUMP);
        assertThat(verify()).extracting(Verified::outcome).containsOnly(Outcome.GOOD);
        assertThat(contents()).isEqualTo(before);
        assertNothingIsLeft();
    }

    @Test
    void aByteThatIsWrongIsFoundWithItsOffset() throws IOException {
        flip("dump.rdb");
        flip(BASE);
        flip(INCREMENT);
        Map<String, String> before = contents();

        List<Verified> found = verify();

        assertDamaged(of(found, "dump.rdb"), "");
        assertDamaged(of(found, "appendonly.aof.1.base.rdb"), "");
        assertDamaged(of(found, "appendonly.aof.1.incr.aof"), "");
        assertThat(of(found, "appendonly.aof.manifest").outcome()).isEqualTo(Outcome.GOOD);
        assertThat(contents()).as("nothing is ever mended here").isEqualTo(before);
        assertNothingIsLeft();
    }

    @Test
    void aDumpThatEndsTooSoonIsDamaged() throws IOException {
        cut("dump.rdb", size("dump.rdb") - 500);

        assertDamaged(one("dump.rdb"), "Unexpected EOF");
    }

    @Test
    void anEmptyDumpIsDamaged() throws IOException {
        cut("dump.rdb", 0);

        assertThat(one("dump.rdb").outcome()).isEqualTo(Outcome.DAMAGED);
    }

    @Test
    void aDumpOfAFormatThatTheToolDoesNotKnowIsNotKnown() throws IOException {
        byte[] bytes = Files.readAllBytes(data.resolve("dump.rdb"));
        System.arraycopy("9999".getBytes(ISO_8859_1), 0, bytes, 5, 4);
        Files.write(data.resolve("dump.rdb"), bytes);

        Verified dump = one("dump.rdb");
        assertThat(dump.outcome()).isEqualTo(Outcome.NOT_UNDERSTOOD);
        assertThat(dump.words()).contains("RDB format version 9999");
    }

    @Test
    void aTailThatIsNotWholeAndDoesNotGrowIsTorn() throws IOException {
        long whole = size(INCREMENT);
        for (String tail : List.of("*3", "*3\r\n$3\r", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$500\r\nshort")) {
            append(INCREMENT, tail);

            Verified increment = one("appendonly.aof.1.incr.aof");
            assertThat(increment.outcome()).as(tail).isEqualTo(Outcome.TORN);
            assertThat(increment.offset()).as(tail).isEqualTo(whole);
            assertThat(increment.size() - whole).isEqualTo(tail.length());
            cut(INCREMENT, whole);
        }
    }

    @Test
    void aTailThatIsWrittenWholeBetweenTwoLooksIsGood() throws IOException {
        append(INCREMENT, "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5\r\nsho");

        List<Verified> found = verify(() -> append(INCREMENT, "rt\r\n"));

        assertThat(found).extracting(Verified::outcome).containsOnly(Outcome.GOOD);
    }

    @Test
    void aPlaceThatStaysWrongWhileTheFileGrowsIsDamaged() throws IOException {
        long whole = size(INCREMENT);
        append(INCREMENT, "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5000\r\nshort\r\n");
        AtomicInteger asked = new AtomicInteger();

        List<Verified> found = verify(() -> {
            asked.incrementAndGet();
            return append(INCREMENT, "*1\r\n$4\r\nPING\r\n");
        });

        assertThat(of(found, "appendonly.aof.1.incr.aof").outcome()).isEqualTo(Outcome.DAMAGED);
        assertThat(of(found, "appendonly.aof.1.incr.aof").offset()).isEqualTo(whole);
        assertThat(asked).hasValue(1);
    }

    @Test
    void withoutAnAnswerBetweenALongWriteIsNotTakenForDamage() throws IOException {
        append(INCREMENT, "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$5000\r\nsho");

        List<Verified> found = verify(() -> !append(INCREMENT, "more"));

        assertThat(of(found, "appendonly.aof.1.incr.aof").outcome()).isEqualTo(Outcome.CHANGED);
    }

    @Test
    void aTornTailOfAnIncrementThatIsNotTheLastIsDamage() throws IOException {
        append(INCREMENT, "*3\r\n");
        Files.writeString(data.resolve("appendonlydir/appendonly.aof.2.incr.aof"), "");
        append(MANIFEST, "file appendonly.aof.2.incr.aof seq 2 type i\n");

        assertThat(one("appendonly.aof.1.incr.aof").outcome()).isEqualTo(Outcome.DAMAGED);
    }

    @Test
    void aManifestIsJudgedByTheToolItself() throws IOException {
        append(MANIFEST, "file nonsense seq\n");
        Verified manifest = one("appendonly.aof.manifest");
        assertThat(manifest.outcome()).isEqualTo(Outcome.DAMAGED);
        assertThat(manifest.words()).isEqualTo("Invalid AOF manifest file format");

        Files.writeString(data.resolve(MANIFEST), "\0\0\0");
        assertThat(one("appendonly.aof.manifest").outcome()).isEqualTo(Outcome.DAMAGED);
    }

    @Test
    void theOneFileOfRedis6IsVerifiedToo() throws IOException {
        Files.move(data.resolve(BASE), data.resolve("appendonly.aof"));
        append("appendonly.aof", Files.readString(data.resolve(INCREMENT), ISO_8859_1));
        Fields six =
                new Fields(Map.of("dir", data.toString(), "appendonly", "yes", "appendfilename", "appendonly.aof"));
        Files.move(data.resolve("appendonlydir"), data.resolve("elsewhere"));

        assertThat(of(verify(six, () -> true), "appendonly.aof").outcome()).isEqualTo(Outcome.GOOD);
        flip("appendonly.aof");
        assertThat(of(verify(six, () -> true), "appendonly.aof").outcome()).isEqualTo(Outcome.DAMAGED);
    }

    @Test
    void whatDidNotChangeIsNotReadAgain() throws IOException {
        verify();
        tools = List.of(directory);

        assertThat(verify()).extracting(Verified::outcome).containsOnly(Outcome.GOOD);
        assertThat(toldAgain).hasSize(4);
        Files.setLastModifiedTime(data.resolve("dump.rdb"), FileTime.from(Given.NOW));
        assertThat(one("dump.rdb").outcome()).isEqualTo(Outcome.TOOL_MISSING);
    }

    @Test
    void aMissingToolIsToldAndNothingElseIsClaimed() throws IOException {
        tools = List.of(directory);

        assertThat(verify()).allSatisfy(file -> {
            assertThat(file.outcome()).isEqualTo(Outcome.TOOL_MISSING);
            assertThat(file.words()).startsWith("neither redis-check-");
        });
        tools = CheckTool.DIRECTORIES;
        assertThat(verify())
                .as("looked at as soon as it can be")
                .extracting(Verified::outcome)
                .containsOnly(Outcome.GOOD);
    }

    @Test
    void aToolThatIsKilledOrSaysSomethingElseIsNoVerdict() throws IOException {
        tool("kill -9 $$");
        assertThat(verify()).extracting(Verified::outcome).containsOnly(Outcome.TOOL_KILLED);

        for (String strange : List.of("exit 0", "exit 1", "echo all is fine", "echo 'RDB looks OK!'; exit 1")) {
            tool(strange);
            assertThat(verify()).as(strange).extracting(Verified::outcome).containsOnly(Outcome.NOT_UNDERSTOOD);
        }
    }

    @Test
    void aDumpThatRedisReplacesMeanwhileIsReadToItsEnd() throws IOException {
        Path next = Files.copy(data.resolve("dump.rdb"), data.resolve("temp.rdb"));
        long size = size("dump.rdb");
        flip("temp.rdb");
        tool("[ ! /dev/stdin -ef " + data.resolve("dump.rdb") + " ] || mv " + next + " " + data.resolve("dump.rdb")
                + "; exec /usr/bin/${0##*/} \"$@\"");

        Verified dump = one("dump.rdb");

        assertThat(dump.outcome()).as("of the one that was there at first").isEqualTo(Outcome.GOOD);
        assertThat(dump.current()).isFalse();
        assertThat(dump.size()).isEqualTo(size);
        assertThat(one("dump.rdb").outcome()).as("of the one that came").isEqualTo(Outcome.DAMAGED);
    }

    @Test
    void aRewriteThatDeletesFilesIsFollowedOnce() throws IOException {
        Path base = data.resolve(BASE);
        Path next = base.resolveSibling("appendonly.aof.2.base.rdb");
        tool("if [ -e " + base + " ]; then mv " + base + " " + next + "; sed -i s/1.base/2.base/ "
                + data.resolve(MANIFEST) + "; fi; exec /usr/bin/${0##*/} \"$@\"");

        assertThat(of(verify(), "appendonly.aof.2.base.rdb").outcome()).isEqualTo(Outcome.GOOD);

        tool("rm -f " + next + "; exec /usr/bin/${0##*/} \"$@\"");
        Files.delete(state);
        Verified gone = of(verify(), "appendonly.aof.2.base.rdb");
        assertThat(gone.outcome()).isEqualTo(Outcome.CHANGED);
        assertNothingIsLeft();
    }

    @Test
    void withoutRoomForARewriteNothingIsCopied() throws IOException {
        Map<String, String> info = Map.of("used_memory_dataset", Long.toString(Long.MAX_VALUE / 2));

        List<Verified> found = verify(new Fields(info), config(), () -> true);

        assertThat(of(found, "appendonly.aof.1.incr.aof").outcome()).isEqualTo(Outcome.NO_ROOM);
        assertThat(of(found, "dump.rdb").outcome()).as("is not copied").isEqualTo(Outcome.GOOD);
    }

    @Test
    void howFarItIsIsSeenInTheStateFile() throws IOException {
        Files.write(data.resolve("dump.rdb"), new byte[] {});
        tool("cat " + state + " > " + directory + "/seen.${0##*-}; exec /usr/bin/${0##*/} \"$@\"");

        verify();

        assertThat(Files.readString(directory.resolve("seen.rdb")))
                .contains("\nreading main 0 0 ")
                .contains("dump.rdb");
        assertThat(Files.readString(state)).doesNotContain("\nreading").contains("\nended ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(state)))
                .isEqualTo("rw-r-----");
        assertThat(progress).containsKeys("dump.rdb", "appendonly.aof.1.incr.aof");
    }

    @Test
    void whatAKilledRunHasLeftIsRemoved() throws IOException {
        Path left = Files.createDirectory(copies.resolve("redis-warden-verify-123"));
        Files.writeString(left.resolve("appendonly.aof"), "*");
        Files.createDirectory(copies.resolve("somebody-elses"));

        verify();

        try (Stream<Path> all = Files.list(copies)) {
            assertThat(all.map(path -> path.getFileName().toString())).containsExactly("somebody-elses");
        }
    }

    @Test
    void whatIsOfNoServerAnyMoreIsForgotten() throws IOException {
        verify();
        try (VerificationRun run = run()) {
            run.skip("other");
            run.end();
        }

        assertThat(new VerificationFile(state).read().entries()).isEmpty();
    }

    private Verified one(String name) throws IOException {
        return of(verify(), name);
    }

    private List<Verified> verify() throws IOException {
        return verify(() -> true);
    }

    private List<Verified> verify(BooleanSupplier answers) throws IOException {
        return verify(config(), answers);
    }

    private List<Verified> verify(Fields config, BooleanSupplier answers) throws IOException {
        return verify(new Fields(Map.of()), config, answers);
    }

    private List<Verified> verify(Fields info, Fields config, BooleanSupplier answers) throws IOException {
        toldAgain.clear();
        try (VerificationRun run = run()) {
            List<Verified> found = run.verify("main", info, config, answers);
            run.end();
            return found;
        }
    }

    private VerificationRun run() throws IOException {
        return new VerificationRun(
                state, copies, new CheckTool(tools), () -> Given.NOW, System::nanoTime, new VerificationRun.Listener() {
                    @Override
                    public void reading(String path, long read, long total) {
                        progress.merge(path.substring(path.lastIndexOf('/') + 1), 1, Integer::sum);
                    }

                    @Override
                    public void found(Verified verified, boolean asBefore) {
                        if (asBefore) {
                            toldAgain.add(verified);
                        }
                    }
                });
    }

    private Fields config() {
        return new Fields(Map.of(
                "dir", data.toString(),
                "appendonly", "yes",
                "appenddirname", "appendonlydir",
                "appendfilename", "appendonly.aof",
                "dbfilename", "dump.rdb"));
    }

    private static Verified of(List<Verified> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void assertDamaged(Verified file, String words) {
        assertThat(file.outcome()).as(file.toString()).isEqualTo(Outcome.DAMAGED);
        assertThat(file.offset()).as(file.toString()).isBetween(1L, file.size());
        assertThat(file.words()).isNotBlank().contains(words);
        assertThat(file.current()).isTrue();
    }

    /** In front of the real tools, under both names. */
    private void tool(String script) throws IOException {
        Path bin = Files.createDirectories(directory.resolve("bin"));
        for (String name : List.of("redis-check-rdb", "redis-check-aof")) {
            // Never written in place: the one before may still be running.
            Path next = Files.writeString(bin.resolve("next"), "#!/bin/sh\n" + script + "\n");
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(next, bin.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
        tools = List.of(bin);
    }

    /** In the middle; of a log, where a command begins, since any byte may be in a value. */
    private void flip(String name) throws IOException {
        byte[] bytes = Files.readAllBytes(data.resolve(name));
        int middle = bytes.length / 2;
        int at = name.endsWith(".rdb") ? middle : new String(bytes, ISO_8859_1).indexOf("\n*3", middle) + 1;
        bytes[at] ^= (byte) 0xff;
        Files.write(data.resolve(name), bytes);
    }

    private void cut(String name, long size) throws IOException {
        byte[] bytes = Files.readAllBytes(data.resolve(name));
        Files.write(data.resolve(name), Arrays.copyOf(bytes, (int) size));
    }

    private boolean append(String name, String text) {
        try {
            Files.write(data.resolve(name), text.getBytes(ISO_8859_1), StandardOpenOption.APPEND);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long size(String name) throws IOException {
        return Files.size(data.resolve(name));
    }

    private Map<String, String> contents() throws IOException {
        Map<String, String> contents = new TreeMap<>();
        for (String name : List.of("dump.rdb", BASE, INCREMENT, MANIFEST)) {
            contents.put(name, FileIdentity.of(data.resolve(name)) + Files.readString(data.resolve(name), ISO_8859_1));
        }
        return contents;
    }

    private void assertNothingIsLeft() throws IOException {
        try (Stream<Path> left = Files.list(copies)) {
            assertThat(left).isEmpty();
        }
    }
}
