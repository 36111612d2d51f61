package dev.rediswarden.check;

import java.util.Locale;

/** What a check says, from the least to the most alarming. */
public enum Status {
    /** Switched off by the configuration, or not applicable to this instance. */
    OFF,
    OK,
    /** It could not be found out; never counted as ok. */
    UNKNOWN,
    DEGRADED,
    UNHEALTHY;

    /** The word in answers and labels: {@code unhealthy}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public Status worse(Status other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
