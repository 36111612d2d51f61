package dev.rediswarden.history;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** How far back a look goes, and how finely that is kept. */
public enum Range {
    HOUR("1h", Duration.ofHours(1), Duration.ofSeconds(10)),
    DAY("24h", Duration.ofDays(1), Duration.ofSeconds(10)),
    MONTH("30d", Duration.ofDays(30), Duration.ofMinutes(10));

    private final String word;
    private final Duration length;
    private final Duration step;

    Range(String word, Duration length, Duration step) {
        this.word = word;
        this.length = length;
        this.step = step;
    }

    /** As a request names it: {@code 24h}. */
    public String word() {
        return word;
    }

    public Duration length() {
        return length;
    }

    /** From one point to the next, where all of them are told. */
    public Duration step() {
        return step;
    }

    /** How many points there are at most. */
    public int points() {
        return (int) length.dividedBy(step);
    }

    public static Optional<Range> of(String word) {
        return Arrays.stream(values()).filter(range -> range.word.equals(word)).findFirst();
    }
}
