package dev.rediswarden.history;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.rediswarden.files.WholeFile;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A ring of records in a file. Nothing of it is held in memory, nor is the file held open. A record that was not written
 * whole, or is of an earlier round, is none. It is not forced to the disk: a power cut costs what the kernel had not
 * written yet, half a minute as a rule, and the end of this process costs nothing.
 */
record RingFile(Path file, RingShape shape) {

    /** The file is not one of ours, or its header is not whole. */
    static final class Corrupt extends IOException {

        private static final long serialVersionUID = 1;

        Corrupt(String message) {
            super(message);
        }
    }

    /** Is told the records of a span, one after the other. */
    interface Reader {

        /** @param values {@code parts} of each metric; the same array each time */
        void record(long index, float[] values);
    }

    /** Up to this the JDK reads into memory of the thread's stack, and needs no buffer of its own. */
    private static final int CHUNK = 8 << 10;

    /**
     * Writes a step's record in its place.
     *
     * @throws Corrupt where the file is none of this shape; it is as it was
     */
    void write(long index, float[] values) throws IOException {
        if (!Files.exists(file, NOFOLLOW_LINKS)) {
            new WholeFile(file, false).replace(shape.header(), "rw-r-----");
        }
        try (RandomAccessFile ring = open("rw")) {
            ring.seek(shape.offset(index));
            ring.write(shape.record(index, values));
        }
    }

    /**
     * Reads the records from one step on and before another; none where there is no file.
     *
     * @throws Corrupt where the file is none of this shape
     */
    void read(long from, long to, Reader reader) throws IOException {
        try (RandomAccessFile ring = open("r")) {
            long first = Math.max(from, to - shape.slots());
            float[] values = new float[shape.values()];
            byte[] bytes = new byte[CHUNK / shape.size() * shape.size()];
            for (long index = first; index < to; ) {
                long rest = shape.slots() - Math.floorMod(index, (long) shape.slots());
                int wanted = (int) Math.min(Math.min(rest, to - index), bytes.length / shape.size());
                Arrays.fill(bytes, (byte) 0);
                ring.seek(shape.offset(index));
                fill(ring, bytes, wanted * shape.size());
                for (int i = 0; i < wanted; i++) {
                    tell(bytes, i * shape.size(), index + i, values, reader);
                }
                index += wanted;
            }
        } catch (NoSuchFileException e) {
            // Nothing was written yet.
        }
    }

    private void tell(byte[] bytes, int at, long index, float[] values, Reader reader) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.getInt(at) == (int) index && shape.isWhole(bytes, at)) {
            for (int i = 0; i < values.length; i++) {
                values[i] = buffer.getFloat(at + Integer.BYTES + i * Float.BYTES);
            }
            reader.record(index, values);
        }
    }

    /**
     * Takes away the records from a step on: the clock was set back, and what was written before it was would be told as of
     * then.
     *
     * @return how many there were
     */
    int forgetFrom(long index) throws IOException {
        int forgotten = 0;
        try (RandomAccessFile ring = open("rw")) {
            byte[] nothing = new byte[shape.size()];
            byte[] bytes = new byte[CHUNK / shape.size() * shape.size()];
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            for (long slot = 0; slot < shape.slots(); ) {
                int wanted = (int) Math.min(shape.slots() - slot, bytes.length / shape.size());
                Arrays.fill(bytes, (byte) 0);
                ring.seek(shape.offset(slot));
                fill(ring, bytes, wanted * shape.size());
                for (int i = 0; i < wanted; i++) {
                    if (buffer.getInt(i * shape.size()) >= index && shape.isWhole(bytes, i * shape.size())) {
                        ring.seek(shape.offset(slot + i));
                        ring.write(nothing);
                        forgotten++;
                    }
                }
                slot += wanted;
            }
        } catch (NoSuchFileException e) {
            // Nothing was written yet.
        }
        return forgotten;
    }

    /** As much as there is: a ring in its first round ends early. */
    private static void fill(RandomAccessFile ring, byte[] bytes, int length) throws IOException {
        int filled = 0;
        while (filled < length) {
            int count = ring.read(bytes, filled, length - filled);
            if (count < 0) {
                return;
            }
            filled += count;
        }
    }

    private RandomAccessFile open(String mode) throws IOException {
        if (!Files.exists(file, NOFOLLOW_LINKS)) {
            throw new NoSuchFileException(file.toString());
        }
        if (!Files.isRegularFile(file, NOFOLLOW_LINKS)) {
            throw new Corrupt("is no file");
        }
        RandomAccessFile ring = new RandomAccessFile(file.toFile(), mode);
        try {
            byte[] header = new byte[RingShape.HEADER];
            fill(ring, header, header.length);
            if (!Arrays.equals(header, shape.header())) {
                throw new Corrupt("has not the header that redis-warden writes");
            }
            return ring;
        } catch (IOException | RuntimeException e) {
            ring.close();
            throw e;
        }
    }
}
