package dev.rediswarden.history;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;

/**
 * What a ring file looks like: a header that names it all, then records of one size. A record is of one step of time: its
 * number since 1970 (32 bits), the values (32-bit floats, NaN for what is unknown), and the CRC32 of both; big-endian.
 *
 * @param step of a record
 * @param slots how many records there are; a step's is its number modulo this
 * @param parts values to each metric: 1, or 3 for average, least and most
 */
record RingShape(Duration step, int slots, int parts, List<Metric> metrics) {

    /** A day in steps of ten seconds. */
    static final RingShape DAY = new RingShape(Range.DAY.step(), Range.DAY.points(), 1, Metric.all());

    /** A month in steps of ten minutes. */
    static final RingShape MONTH = new RingShape(Range.MONTH.step(), Range.MONTH.points(), 3, Metric.all());

    static final int HEADER = 1024;

    private static final int CRC = Integer.BYTES;

    /** The first bytes of the file: text, then zeros, then their CRC32. */
    byte[] header() {
        String names = metrics.stream().map(Metric::key).collect(Collectors.joining(","));
        byte[] text = ("redis-warden history 1\nstep=" + step.toSeconds() + "\nslots=" + slots + "\nparts=" + parts
                        + "\nmetrics=" + names + "\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer header = ByteBuffer.allocate(HEADER).put(text);
        header.putInt(HEADER - CRC, crc(header.array(), 0, HEADER - CRC));
        return header.array();
    }

    /** How many values a record has. */
    int values() {
        return metrics.size() * parts;
    }

    /** Of a record, in bytes. */
    int size() {
        return Integer.BYTES + values() * Float.BYTES + CRC;
    }

    /** The number of the step that an instant is in. */
    long index(long epochSecond) {
        return Math.floorDiv(epochSecond, step.toSeconds());
    }

    /** Where a step's record is in the file. */
    long offset(long index) {
        return HEADER + Math.floorMod(index, (long) slots) * size();
    }

    byte[] record(long index, float[] values) {
        ByteBuffer record = ByteBuffer.allocate(size()).putInt((int) index);
        for (float value : values) {
            record.putFloat(value);
        }
        return record.putInt(crc(record.array(), 0, record.position())).array();
    }

    /** Whether the bytes from there on are a record that was written whole. */
    boolean isWhole(byte[] bytes, int from) {
        int checked = size() - CRC;
        return ByteBuffer.wrap(bytes).getInt(from + checked) == crc(bytes, from, checked);
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
