package dev.rediswarden.page;

import java.time.Duration;
import java.util.Locale;

/** Figures as people read them. */
final class Words {

    private static final String[] BYTES = {"B", "kB", "MB", "GB", "TB"};

    private Words() {}

    /** {@code 1.5 MB}, with 1,024 to each step as Redis has them; {@code 3 ms}; {@code 12 clients}. */
    static String of(double value, String unit) {
        return switch (unit) {
            case "bytes" -> bytes(value);
            case "seconds" -> seconds(value);
            default -> number(value) + " " + unit;
        };
    }

    private static String bytes(double value) {
        int step = 0;
        double left = value;
        while (left >= 1_024 && step < BYTES.length - 1) {
            left /= 1_024;
            step++;
        }
        return number(left) + " " + BYTES[step];
    }

    private static String seconds(double value) {
        if (value < 0.001) {
            return number(value * 1e6) + " µs";
        }
        return value < 1 ? number(value * 1e3) + " ms" : number(value) + " s";
    }

    /** Three digits that matter, and no more behind the point. */
    static String number(double value) {
        if (value >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        return String.format(Locale.ROOT, value >= 10 ? "%.1f" : "%.2f", value);
    }

    /** {@code 3 d 4 h}, {@code 12 min}, {@code 8 s}: the two largest parts. */
    static String lasting(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
        }
        return seconds / 86_400 + " d " + seconds % 86_400 / 3_600 + " h";
    }
}
