package dev.rediswarden.check;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** CONFIG's {@code save}: pairs of seconds and changes, {@code 3600 1 300 100}. */
final class SavePoints {

    private static final Pattern PAIRS = Pattern.compile("|\\d{1,18} \\d{1,18}( \\d{1,18} \\d{1,18})*");

    private SavePoints() {}

    /** Whether it is of that form, as an empty one is, which means that nothing is saved by itself. */
    static boolean arePairs(String save) {
        return PAIRS.matcher(save).matches();
    }

    /** The longest interval in seconds whose number of changes is reached; empty where none is, or nothing fits. */
    static OptionalLong longestReached(String save, long changes) {
        String[] words = save.strip().split("\\s+", -1);
        OptionalLong longest = OptionalLong.empty();
        for (int i = 0; i + 1 < words.length; i += 2) {
            try {
                long seconds = Long.parseLong(words[i]);
                if (changes >= Math.max(1, Long.parseLong(words[i + 1])) && seconds > longest.orElse(0)) {
                    longest = OptionalLong.of(seconds);
                }
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }
        return longest;
    }
}
