package dev.rediswarden.check;

/** Sizes for a person: {@code 1.5 GiB}. */
final class Bytes {

    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};

    private Bytes() {}

    /** A limit raised by a quarter, as CONFIG SET takes it. */
    static String quarterMore(long bytes) {
        return Long.toString(bytes > Long.MAX_VALUE / 2 ? bytes : bytes + bytes / 4);
    }

    /** Without a Formatter, which costs more than all else that a check does. */
    static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < UNITS.length - 1) {
            value /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : Math.round(value * 10) / 10.0 + " " + UNITS[unit];
    }
}
