package dev.rediswarden.history;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The two rings of one instance. The coarse one is made from the fine one, so that nothing is held in memory in between,
 * and what a restart has kept from being made is made after it.
 */
record InstanceRings(RingFile day, RingFile month) {

    private static final int FINE_IN_COARSE = (int) RingShape.MONTH.step().dividedBy(RingShape.DAY.step());

    static InstanceRings in(Path directory, String redis) {
        return new InstanceRings(
                new RingFile(directory.resolve(redis + "-10s.ring"), RingShape.DAY),
                new RingFile(directory.resolve(redis + "-10m.ring"), RingShape.MONTH));
    }

    List<RingFile> files() {
        return List.of(day, month);
    }

    /** Makes the coarse records of the last day that are not made yet, of the steps that are over at that instant. */
    void condense(long epochSecond) throws IOException {
        long now = month.shape().index(epochSecond);
        // The oldest step of the fine ring is being written over.
        long first = month.shape().index(epochSecond - Range.DAY.length().toSeconds()) + 1;
        BitSet made = new BitSet();
        month.read(first, now, (index, values) -> made.set((int) (index - first)));
        for (long index = first; index < now; index++) {
            if (!made.get((int) (index - first))) {
                makeOf(index);
            }
        }
    }

    private void makeOf(long index) throws IOException {
        Condensed condensed = new Condensed(day.shape().metrics().size());
        day.read(index * FINE_IN_COARSE, (index + 1) * FINE_IN_COARSE, (fine, values) -> condensed.add(values));
        if (!condensed.isEmpty()) {
            month.write(index, condensed.values());
        }
    }

    /** Up to the step that is under way at that instant, without it. */
    List<Series> series(List<Metric> metrics, Range range, int atMost, long epochSecond) throws IOException {
        RingFile ring = range == Range.MONTH ? month : day;
        RingShape shape = ring.shape();
        long to = shape.index(epochSecond);
        int most = Math.max(1, Math.min(atMost, range.points()));
        long merged = (range.points() + most - 1L) / most;
        // Steps begin at whole multiples of themselves, so that the same ones are told by the next look.
        long last = Math.floorDiv(to + merged - 1, merged) * merged;
        int size = (int) ((range.points() + merged - 1) / merged);
        long first = last - size * merged;
        Duration step = shape.step().multipliedBy(merged);
        List<Series> all = new ArrayList<>();
        metrics.forEach(
                metric -> all.add(new Series(metric, step, first * shape.step().toSeconds(), size)));
        int parts = shape.parts();
        ring.read(first, to, (index, values) -> {
            long at = index * shape.step().toSeconds();
            for (Series series : all) {
                int value = series.metric().place() * parts;
                series.add(at, values[value], values[value + (parts > 1 ? 1 : 0)], values[value + parts - 1]);
            }
        });
        return all;
    }
}
