package dev.rediswarden.check;

import java.util.Locale;

/** The overall verdict of a report. */
public enum Health {
    OK,
    DEGRADED,
    UNHEALTHY;

    public static Health of(Status worst) {
        return switch (worst) {
            case OFF, OK -> OK;
            case UNKNOWN, DEGRADED -> DEGRADED;
            case UNHEALTHY -> UNHEALTHY;
        };
    }

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
