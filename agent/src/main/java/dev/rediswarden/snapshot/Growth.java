package dev.rediswarden.snapshot;

import java.util.Map;

/**
 * By how much counters have grown within the last ten minutes, as far as they were watched: nothing is known of what was
 * before the first look.
 *
 * @param counters those that have grown, by their names
 */
public record Growth(Map<String, Long> counters) {

    /** The first look, or nothing has grown. */
    public static final Growth NONE = new Growth(Map.of());

    public Growth {
        counters = Map.copyOf(counters);
    }

    public long of(String counter) {
        return counters.getOrDefault(counter, 0L);
    }
}
