package dev.rediswarden.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.Soon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes as fast as it can is killed (SIGKILL), again and again: what is read is what it wrote. */
class KilledWriterTest {

    @TempDir
    private Path directory;

    /** Writes step after step from the one that is named on: every value of a step is its number. */
    static final class Writer {

        private Writer() {}

        public static void main(String[] args) {
            RingWriter writer = new RingWriter(Path.of(args[0]));
            for (long index = Long.parseLong(args[1]); ; index++) {
                float[] values = new float[Metric.all().size()];
                Arrays.fill(values, (float) (index % 1000));
                writer.write(index, (index + 1) * 10, Map.of("main", values));
            }
        }
    }

    @Test
    void everyRecordIsWholeAfterEachKill() throws IOException, InterruptedException {
        Path history = directory.resolve("history");
        RingFile ring = InstanceRings.in(history, "main").day();
        long from = 178_000_000;
        for (int round = 0; round < 3; round++) {
            long begun = from;
            Process writer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Writer.class.getName(),
                            history.toString(),
                            String.valueOf(begun))
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("said").toFile())
                    .start();
            Soon.await().until(() -> records(ring, begun, begun + 50).size() == 50);
            writer.destroyForcibly();
            assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();

            Map<Long, Float> written = records(ring, begun, begun + 8_000);
            assertThat(written).as("without a gap").hasSizeGreaterThanOrEqualTo(50);
            for (long index = begun; index < begun + written.size(); index++) {
                assertThat(written).containsEntry(index, (float) (index % 1000));
            }
            from = begun + written.size();
        }
        assertThat(Files.readString(directory.resolve("said")))
                .as("no file was set aside")
                .isEmpty();
    }

    private static Map<Long, Float> records(RingFile ring, long from, long to) throws IOException {
        Map<Long, Float> records = new HashMap<>();
        ring.read(from, to, (index, values) -> {
            for (float value : values) {
                assertThat(value).isEqualTo(values[0]);
            }
            records.put(index, values[0]);
        });
        return records;
    }
}
