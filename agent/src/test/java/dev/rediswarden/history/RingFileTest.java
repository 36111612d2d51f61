package dev.rediswarden.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records in a real file: torn, of an earlier round, of a time to come, and in a file that is none. */
class RingFileTest {

    private static final RingShape SMALL =
            new RingShape(Duration.ofSeconds(10), 8, 1, List.of(Metric.PING, Metric.CLIENTS));
    private static final long NOW = 178_000_000;

    @TempDir
    private Path directory;

    private RingFile ring;

    @BeforeEach
    void inADirectory() {
        ring = new RingFile(directory.resolve("main-10s.ring"), SMALL);
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        ring.write(NOW, new float[] {0.5f, Float.NaN});
        ring.write(NOW + 1, new float[] {0.25f, 3});

        assertThat(read(NOW - 5, NOW + 2)).containsOnlyKeys(NOW, NOW + 1);
        assertThat(read(NOW, NOW + 1).get(NOW)).containsExactly(0.5f, Float.NaN);
        assertThat(Files.getPosixFilePermissions(ring.file())).isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
    }

    @Test
    void aRoundLaterTheSameSlotIsAnotherStep() throws IOException {
        for (long index = NOW; index < NOW + 20; index++) {
            ring.write(index, new float[] {index, index});
        }

        assertThat(read(NOW, NOW + 20)).hasSize(8).containsOnlyKeys(span(NOW + 12, NOW + 20));
        assertThat(Files.size(ring.file())).isEqualTo(RingShape.HEADER + 8L * SMALL.size());
        assertThat(read(NOW + 100, NOW + 108))
                .as("a forward step of the clock invents nothing")
                .isEmpty();
    }

    /** A write that the power cut broke off after each byte of the record. */
    @Test
    void aTornRecordIsNoneAndHarmsNoOther() throws IOException {
        ring.write(NOW, new float[] {1, 1});
        ring.write(NOW + 1, new float[] {2, 2});
        ring.write(NOW + 2, new float[] {3, 3});
        byte[] older = Files.readAllBytes(ring.file());
        byte[] record = SMALL.record(NOW + 9, new float[] {4, 4});
        for (int torn = 0; torn <= record.length; torn++) {
            Files.write(ring.file(), older);
            try (RandomAccessFile raw = new RandomAccessFile(ring.file().toFile(), "rw")) {
                raw.seek(SMALL.offset(NOW + 9));
                raw.write(record, 0, torn);
            }
            Map<Long, float[]> newer = read(NOW + 2, NOW + 10);
            assertThat(newer.containsKey(NOW + 9)).as("after %d bytes", torn).isEqualTo(torn == record.length);
            assertThat(newer.get(NOW + 2)).containsExactly(3, 3);
            assertThat(read(NOW, NOW + 2).containsKey(NOW + 1))
                    .as("the one before in its place, after %d bytes", torn)
                    .isEqualTo(isSame(older, Files.readAllBytes(ring.file())));
            assertThat(read(NOW, NOW + 2)).containsKey(NOW);
        }
    }

    private static boolean isSame(byte[] one, byte[] other) {
        return Arrays.equals(one, other);
    }

    @Test
    void aFlippedBitAnywhereInARecordIsSeen() throws IOException {
        ring.write(NOW, new float[] {1, 1});
        byte[] whole = Files.readAllBytes(ring.file());
        for (int at = 0; at < SMALL.size() * 8; at++) {
            byte[] flipped = whole.clone();
            flipped[(int) SMALL.offset(NOW) + at / 8] ^= (byte) (1 << at % 8);
            Files.write(ring.file(), flipped);
            assertThat(read(NOW - 8, NOW + 8)).isEmpty();
        }
    }

    @Test
    void anEndThatIsMissingIsOnlyThat() throws IOException {
        for (long index = NOW; index < NOW + 8; index++) {
            ring.write(index, new float[] {index, index});
        }
        byte[] whole = Files.readAllBytes(ring.file());
        for (int length = RingShape.HEADER; length < whole.length; length++) {
            Files.write(ring.file(), Arrays.copyOf(whole, length));
            int records = (length - RingShape.HEADER) / SMALL.size();
            assertThat(read(NOW, NOW + 8)).hasSize(records);
        }
        ring.write(NOW + 7, new float[] {1, 1});
        assertThat(read(NOW + 7, NOW + 8)).isNotEmpty();
    }

    @Test
    void everyByteOfTheHeaderCounts() throws IOException {
        ring.write(NOW, new float[] {1, 1});
        byte[] whole = Files.readAllBytes(ring.file());
        for (int at = 0; at < RingShape.HEADER; at++) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            Files.write(ring.file(), changed);
            assertThatExceptionOfType(RingFile.Corrupt.class).isThrownBy(() -> read(NOW, NOW + 1));
            assertThatExceptionOfType(RingFile.Corrupt.class).isThrownBy(() -> ring.write(NOW + 1, new float[] {1, 1}));
            assertThat(Files.readAllBytes(ring.file())).as("untouched").isEqualTo(changed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "redis-warden history 1\n"})
    void aFileOfSomethingElseIsNone(String text) throws IOException {
        Files.write(ring.file(), text.getBytes(StandardCharsets.US_ASCII));

        assertThatExceptionOfType(RingFile.Corrupt.class).isThrownBy(() -> read(NOW, NOW + 1));
    }

    @Test
    void aLinkIsNotFollowed() throws IOException {
        Path other = directory.resolve("other");
        Files.write(other, SMALL.header());
        Files.createSymbolicLink(ring.file(), other);

        assertThatExceptionOfType(RingFile.Corrupt.class).isThrownBy(() -> ring.write(NOW, new float[] {1, 1}));
    }

    @Test
    void whatIsStillToComeIsForgotten() throws IOException {
        for (long index = NOW; index < NOW + 6; index++) {
            ring.write(index, new float[] {index, index});
        }

        assertThat(ring.forgetFrom(NOW + 3)).isEqualTo(3);
        assertThat(read(NOW, NOW + 8)).containsOnlyKeys(NOW, NOW + 1, NOW + 2);
        assertThat(ring.forgetFrom(NOW + 3)).isZero();
    }

    /** A day's ring in its second day is read in pieces. */
    @Test
    void aWholeDayIsReadOverTheEndOfTheFile() throws IOException {
        RingFile day = new RingFile(directory.resolve("day"), RingShape.DAY);
        float[] values = new float[RingShape.DAY.values()];
        day.write(NOW, values);
        try (RandomAccessFile raw = new RandomAccessFile(day.file().toFile(), "rw")) {
            for (long index = NOW; index < NOW + 12_345; index++) {
                values[0] = (float) (index - NOW);
                raw.seek(RingShape.DAY.offset(index));
                raw.write(RingShape.DAY.record(index, values));
            }
        }
        long[] next = {NOW + 12_345 - 8_640};
        day.read(0, NOW + 12_345, (index, read) -> {
            assertThat(index).isEqualTo(next[0]++);
            assertThat(read[0]).isEqualTo((float) (index - NOW));
        });
        assertThat(next[0]).isEqualTo(NOW + 12_345);
    }

    private Map<Long, float[]> read(long from, long to) throws IOException {
        Map<Long, float[]> records = new TreeMap<>();
        ring.read(from, to, (index, values) -> records.put(index, values.clone()));
        return records;
    }

    private static Long[] span(long from, long to) {
        return LongStream.range(from, to).boxed().toArray(Long[]::new);
    }
}
