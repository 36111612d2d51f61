package dev.rediswarden.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written step by step is told as series; through restarts, gaps, and clocks that jump. */
class HistoryFilesTest {

    private static final Instant START = Instant.parse("2026-01-02T03:00:00Z");

    @TempDir
    private Path parent;

    private Instant now = START;

    @Test
    void aMissingHistoryIsAllUnknown() {
        Series series = series(Metric.CLIENTS, Range.DAY);

        assertThat(series.size()).isEqualTo(8640);
        assertThat(series.isEmpty()).isTrue();
        assertThat(series.average(0)).isNaN();
    }

    @Test
    void theLastHourIsToldInStepsOfTenSeconds() {
        RingWriter writer = writer();
        for (int i = 0; i < 400; i++) {
            step(writer, i);
        }
        Series series = series(Metric.CLIENTS, Range.HOUR);

        assertThat(series.size()).isEqualTo(360);
        assertThat(series.step()).isEqualTo(Duration.ofSeconds(10));
        assertThat(series.at(359)).isEqualTo(now.getEpochSecond() - 10);
        assertThat(series.average(359)).isEqualTo(399);
        assertThat(series.average(0)).isEqualTo(40);
    }

    @Test
    void afterMoreThanADayTheRingGoesOnAndTheMonthHasIt() {
        RingWriter writer = writer();
        for (int i = 0; i < 10_000; i++) {
            step(writer, i);
        }
        Series day = series(Metric.CLIENTS, Range.DAY);
        assertThat(day.average(0)).isEqualTo(10_000 - 8640);
        assertThat(day.average(8639)).isEqualTo(9_999);

        Series month = series(Metric.CLIENTS, Range.MONTH);
        int last = month.size() - 1;
        // 10,000 steps are 166 whole ones of ten minutes, and 40 steps of the one under way.
        assertThat(month.average(last)).isEqualTo(165 * 60 + 29.5);
        assertThat(month.least(last)).isEqualTo(165 * 60);
        assertThat(month.most(last)).isEqualTo(165 * 60 + 59);
        assertThat(month.average(last - 165)).isEqualTo(29.5);
        assertThat(month.average(last - 166)).isNaN();
    }

    @Test
    void fewerPointsAreAveragesThatKeepTheirExtremes() {
        RingWriter writer = writer();
        for (int i = 0; i < 8640; i++) {
            step(writer, i);
        }
        Series series =
                files().series("main", List.of(Metric.CLIENTS), Range.DAY, 144).get(0);

        assertThat(series.size()).isEqualTo(144);
        assertThat(series.step()).isEqualTo(Duration.ofMinutes(10));
        assertThat(series.average(100)).isEqualTo(6029.5);
        assertThat(series.least(100)).isEqualTo(6000);
        assertThat(series.most(100)).isEqualTo(6059);
        assertThat(series.at(1) - series.at(0)).isEqualTo(600);
    }

    @Test
    void whatARestartHasKeptFromBeingMadeIsMadeAfterIt() {
        RingWriter writer = writer();
        for (int i = 0; i < 59; i++) {
            step(writer, 7);
        }
        now = now.plus(Duration.ofHours(3));
        RingWriter next = writer();
        step(next, 8);

        Series month = series(Metric.CLIENTS, Range.MONTH);
        assertThat(month.average(month.size() - 19)).isEqualTo(7);
        assertThat(month.average(month.size() - 18)).isNaN();
    }

    @Test
    void aClockSetBackTellsNothingOfTheTimeToCome() {
        RingWriter writer = writer();
        for (int i = 0; i < 200; i++) {
            step(writer, i);
        }
        now = START.plusSeconds(500);
        for (int i = 0; i <= 60; i++) {
            step(writer, 1000);
            assertThat(series(Metric.CLIENTS, Range.HOUR).average(359)).isEqualTo(1000);
        }
        long last = now.getEpochSecond();

        now = START.plusSeconds(2000);
        Series later = series(Metric.CLIENTS, Range.HOUR);
        for (int i = 0; i < later.size(); i++) {
            if (later.at(i) > last) {
                assertThat(later.average(i)).as("at %d", later.at(i)).isNaN();
            }
        }
    }

    /** The clock is wrong at the boot, and set later; a run that follows finds records of a time to come. */
    @Test
    void aClockSetBackBetweenTwoRunsTellsNothingOfTheTimeToCome() {
        now = START.plus(Duration.ofDays(400));
        RingWriter wrong = writer();
        for (int i = 0; i < 130; i++) {
            step(wrong, 5);
        }
        now = START;
        RingWriter right = writer();
        for (int i = 0; i <= 60; i++) {
            step(right, 1);
        }

        now = START.plus(Duration.ofDays(400)).plusSeconds(1300);
        assertThat(series(Metric.CLIENTS, Range.DAY).isEmpty()).isTrue();
        assertThat(series(Metric.CLIENTS, Range.MONTH).isEmpty()).isTrue();
    }

    /** A boot without a battery: for some steps it is another year. */
    @Test
    void aClockThatIsWrongUntilItIsSynchronizedCostsNothingOfBefore() {
        RingWriter writer = writer();
        for (int i = 0; i < 100; i++) {
            step(writer, 7);
        }
        Instant before = now;
        now = START.minus(Duration.ofDays(400));
        RingWriter next = writer();
        for (int i = 0; i < 10; i++) {
            step(next, 1);
        }
        now = before.plusSeconds(200);
        for (int i = 0; i < 70; i++) {
            step(next, 8);
        }
        Series day = series(Metric.CLIENTS, Range.DAY);
        assertThat(IntStream.range(0, day.size()).filter(i -> day.average(i) == 7))
                .hasSizeGreaterThan(80);
    }

    @Test
    void clocksOfAnyTimeAreTaken() {
        RingWriter writer = writer();
        for (Instant at : List.of(Instant.EPOCH, Instant.parse("2300-01-01T00:00:00Z"), START.minusSeconds(1), START)) {
            now = at;
            step(writer, 3);
            assertThat(series(Metric.CLIENTS, Range.HOUR).average(359)).isEqualTo(3);
            assertThat(series(Metric.CLIENTS, Range.MONTH).size()).isEqualTo(4320);
        }
    }

    @Test
    void aCorruptFileIsSetAsideAndTheOthersGoOn() throws IOException {
        RingWriter writer = writer();
        step(writer, 1);
        for (int round = 0; round < 4; round++) {
            Files.write(directory().resolve("main-10s.ring"), "no ring".getBytes(StandardCharsets.US_ASCII));
            step(writer, 2 + round);
            assertThat(series(Metric.CLIENTS, Range.HOUR).average(359)).isEqualTo(2 + round);
        }
        assertThat(names()).filteredOn(name -> name.contains(".corrupt-")).hasSize(2);
        assertThat(directory().resolve("main-10s.ring.corrupt-20260102T030050Z"))
                .hasContent("no ring");
    }

    @Test
    void whatIsInTheWayHoldsUpNobody() throws IOException {
        Files.write(directory(), new byte[0]);
        RingWriter writer = writer();
        step(writer, 1);

        Files.delete(directory());
        step(writer, 2);
        assertThat(series(Metric.CLIENTS, Range.HOUR).average(359)).isEqualTo(2);
    }

    @Test
    void filesOfInstancesThatAreGoneGoAfterAMonth() throws IOException {
        RingWriter writer = writer();
        step(writer, 1);
        Path gone = directory().resolve("gone-10s.ring");
        Path young = directory().resolve("young-10m.ring");
        Files.write(gone, new byte[0]);
        Files.write(young, new byte[0]);
        now = now.plus(Duration.ofDays(31));
        Files.setLastModifiedTime(gone, FileTime.from(now.minus(Duration.ofDays(31))));
        Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofDays(29))));
        Files.setLastModifiedTime(directory().resolve("main-10s.ring"), FileTime.from(now.minus(Duration.ofDays(31))));
        step(writer, 2);

        assertThat(names()).contains("young-10m.ring", "main-10s.ring").doesNotContain("gone-10s.ring");
    }

    /** Two rings, fixed: 1.3 MB. */
    @Test
    void aYearNeedsNoMoreRoomThanAMonth() throws IOException {
        RingWriter writer = writer();
        for (int i = 0; i < 9000; i++) {
            step(writer, i);
        }
        long day = Files.size(directory().resolve("main-10s.ring"));
        assertThat(day).isEqualTo(RingShape.HEADER + 8640L * RingShape.DAY.size());
        assertThat(day + RingShape.HEADER + 4320L * RingShape.MONTH.size()).isLessThan(1_400_000);
    }

    private RingWriter writer() {
        return new RingWriter(directory());
    }

    /** Writes the step that is under way, which is over then. */
    private void step(RingWriter writer, float clients) {
        float[] values = new float[Metric.all().size()];
        Arrays.fill(values, Float.NaN);
        values[Metric.CLIENTS.place()] = clients;
        long index = RingShape.DAY.index(now.getEpochSecond());
        now = now.plusSeconds(10);
        writer.write(index, now.getEpochSecond(), Map.of("main", values));
    }

    private HistoryFiles files() {
        return new HistoryFiles(directory(), () -> now, new Turnstile());
    }

    private Series series(Metric metric, Range range) {
        return files().series("main", metric, range).get(0);
    }

    private Path directory() {
        return parent.resolve("history");
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory())) {
            return new TreeSet<>(all.map(path -> path.getFileName().toString()).toList());
        }
    }
}
