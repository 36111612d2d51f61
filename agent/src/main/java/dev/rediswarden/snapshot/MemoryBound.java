package dev.rediswarden.snapshot;

/**
 * How much memory a server may use.
 *
 * @param bytes of it; 0 where it is a share
 * @param percent of the host's memory; 0 where it is a size
 */
public record MemoryBound(long bytes, int percent) {

    private static final long MIB = 1 << 20;

    public static MemoryBound bytes(long bytes) {
        return new MemoryBound(bytes, 0);
    }

    public static MemoryBound percent(int percent) {
        return new MemoryBound(0, percent);
    }

    /** In bytes, on a host of so many; whole MiB where it is a share. */
    public long on(long host) {
        return percent == 0 ? bytes : host * percent / 100 / MIB * MIB;
    }

    /** As the configuration writes it: {@code 512mb}, {@code 25%}. */
    @Override
    public String toString() {
        return percent > 0 ? percent + "%" : bytes % MIB == 0 ? bytes / MIB + "mb" : bytes + "b";
    }
}
