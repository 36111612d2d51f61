package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.host.VerificationFile.At;
import dev.rediswarden.host.VerificationFile.Entry;
import dev.rediswarden.host.VerificationFile.State;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Verification;
import dev.rediswarden.snapshot.Verification.Kind;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Progress;
import dev.rediswarden.snapshot.Verification.Verified;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file between a verification and the daemon: whole, damaged, strange; and what it says when files have changed. */
class VerificationFileTest {

    private static final long SEED = 20_261_122;

    @TempDir
    private Path directory = Path.of("");

    private final Random random = new Random(SEED);

    @Test
    void whatIsWrittenIsRead() throws IOException {
        VerificationFile file = new VerificationFile(directory.resolve("verified"));
        for (int round = 0; round < 300; round++) {
            State state = state();
            file.write(state);

            assertThat(file.read()).as("seed %s, round %s", SEED, round).isEqualTo(state);
        }
    }

    @Test
    void anyBytesAreReadOrRefusedAndNeverThrown() throws IOException {
        Path path = directory.resolve("verified");
        for (int round = 0; round < 500; round++) {
            new VerificationFile(path).write(state());
            byte[] bytes = Files.readAllBytes(path);
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            Files.write(path, bytes);
            Reading<Verification> reading = probe(path, new AtomicLong()).read();

            assertThat(reading.<Boolean>fold(
                            known -> true, unknown -> unknown.detail().contains("redis-warden")))
                    .as("seed %s, round %s: %s", SEED, round, reading)
                    .isTrue();
        }
    }

    @Test
    void whatIsNoneOfOursIsUnknownWithItsReason() throws IOException {
        Path path = directory.resolve("verified");
        assertThat(probe(path, new AtomicLong()).read().optional())
                .hasValueSatisfying(none -> assertThat(none.files()).isEmpty());

        assertThat(refused(path, "# redis-warden: data files that were verified, version 2\nnews 1\n"))
                .contains("another version");
        assertThat(refused(path, "")).contains("none that redis-warden wrote");
        assertThat(refused(path, "nonsense\n")).contains("none that redis-warden wrote");
        assertThat(refused(path, "x".repeat(2 << 20))).contains("larger");
        Files.delete(path);
        Files.createDirectory(path);
        assertThat(reason(path)).contains("no regular file");
        Files.delete(path);
        Files.createSymbolicLink(path, Path.of("/dev/zero"));
        assertThat(reason(path)).contains("no regular file");
    }

    @Test
    void aVerdictCountsForItsFileAlone() throws IOException {
        Path path = directory.resolve("verified");
        Path dump = Files.writeString(directory.resolve("dump.rdb"), "REDIS0010");
        Path log = Files.writeString(directory.resolve("a.incr.aof"), "*1\r\n");
        new VerificationFile(path)
                .write(new State(
                        Optional.of(Given.NOW),
                        Optional.empty(),
                        List.of(
                                entry(Kind.DUMP, dump, Outcome.DAMAGED),
                                entry(Kind.INCREMENT, log, Outcome.DAMAGED),
                                entry(Kind.INCREMENT, log, Outcome.TORN))));
        assertThat(current(path)).containsExactly(true, true, true);

        Files.writeString(log, "$4\r\nPING\r\n", StandardOpenOption.APPEND);
        assertThat(current(path)).as("a log that has grown is the same").containsExactly(true, true, false);

        Files.writeString(log, "*");
        Files.move(Files.copy(dump, directory.resolve("new")), dump, StandardCopyOption.REPLACE_EXISTING);
        assertThat(current(path)).containsExactly(false, false, false);
    }

    @Test
    void theTimeWithoutARunIsCountedFromTheLastOneAndWhileTheHostIsAwake() throws IOException {
        Path path = directory.resolve("verified");
        AtomicLong nanos = new AtomicLong(1);
        VerificationProbe probe = probe(path, nanos);
        nanos.addAndGet(Duration.ofHours(2).toNanos());
        assertThat(probe.read().optional().orElseThrow().waiting()).isEqualTo(Duration.ofHours(2));

        new VerificationFile(path).write(new State(Optional.of(Given.NOW), Optional.empty(), List.of()));
        assertThat(probe.read().optional().orElseThrow().waiting()).isZero();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        assertThat(probe.read().optional().orElseThrow().waiting()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void aTimerThatIsDisabledOrMaskedIsNobodysWish() throws IOException {
        Path path = directory.resolve("verified");
        assertThat(scheduled(path)).isFalse();
        Path wants = Files.createDirectories(directory.resolve("timers.target.wants"));
        Files.createSymbolicLink(wants.resolve("redis-warden-verify.timer"), Path.of("/nowhere"));
        assertThat(scheduled(path)).isTrue();
        Files.createSymbolicLink(directory.resolve("redis-warden-verify.timer"), Path.of("/dev/null"));
        assertThat(scheduled(path)).isFalse();
    }

    private boolean scheduled(Path path) {
        return probe(path, new AtomicLong()).read().optional().orElseThrow().scheduled();
    }

    private List<Boolean> current(Path path) {
        return probe(path, new AtomicLong()).read().optional().orElseThrow().files().stream()
                .map(Verified::current)
                .toList();
    }

    private String refused(Path path, String text) throws IOException {
        Files.writeString(path, text, ISO_8859_1);
        return reason(path);
    }

    private String reason(Path path) {
        return probe(path, new AtomicLong()).read().fold(known -> "", unknown -> unknown.detail());
    }

    private VerificationProbe probe(Path path, AtomicLong nanos) {
        return new VerificationProbe("main", path, directory, nanos::get);
    }

    private static Entry entry(Kind kind, Path path, Outcome outcome) throws IOException {
        return new Entry("main", kind, path, FileIdentity.of(path), outcome, 1, "words", Given.NOW);
    }

    private State state() {
        List<Entry> entries = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            entries.add(new Entry(
                    "main",
                    any(Kind.values()),
                    Path.of("/" + text().replace("\0", "")).normalize(),
                    new FileIdentity(count(), count(), instant()),
                    any(Outcome.values()),
                    count(),
                    text(),
                    instant()));
        }
        Optional<At> reading = random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new At(
                        "main", new Progress("/var/lib/redis/dump.rdb", count(), count(), instant(), instant())));
        return new State(random.nextBoolean() ? Optional.empty() : Optional.of(instant()), reading, entries);
    }

    private <T> T any(T[] values) {
        return List.of(values).get(random.nextInt(values.length));
    }

    private long count() {
        return random.nextLong() >>> (1 + random.nextInt(62));
    }

    private Instant instant() {
        return Given.NOW.plusNanos(random.nextInt()).plusSeconds(random.nextInt());
    }

    private String text() {
        StringBuilder text = new StringBuilder("x");
        for (int i = random.nextInt(30); i > 0; i--) {
            text.append("ab /%+\n\t\0é\"'".charAt(random.nextInt(12)));
        }
        return text.toString();
    }
}
