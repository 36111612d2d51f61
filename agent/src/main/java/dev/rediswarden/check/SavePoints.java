package dev.rediswarden.check;

import java.util.OptionalLong;

/** CONFIG's {@code save}: pairs of seconds and changes, {@code 3600 1 300 100}. */
final class SavePoints {

    private SavePoints() {}

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
