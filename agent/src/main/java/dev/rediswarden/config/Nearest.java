package dev.rediswarden.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The name that was meant, where one was mistyped. */
final class Nearest {

    /** More than two letters wrong is another word. */
    private static final int MOST = 2;

    private Nearest() {}

    /** The first of those with the fewest letters to be put in, taken out or replaced. */
    static Optional<String> to(String typed, Collection<String> names) {
        return names.stream()
                .filter(name -> distance(typed, name) <= Math.min(MOST, typed.length() - 1))
                .min(Comparator.comparingInt(name -> distance(typed, name)));
    }

    /** Levenshtein's, a row of his table at a time. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
