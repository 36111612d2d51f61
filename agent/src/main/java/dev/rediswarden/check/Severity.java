package dev.rediswarden.check;

/** How much weight the configuration gives to a check's findings; without one, the check's own. */
public enum Severity {
    /** Whatever it finds is unhealthy. */
    CRITICAL,
    /** Whatever it finds is degraded. */
    WARNING,
    /** It is not examined. */
    OFF;

    Verdict apply(Verdict verdict) {
        return switch (this) {
            case CRITICAL -> verdict.at(Status.UNHEALTHY);
            case WARNING -> verdict.at(Status.DEGRADED);
            case OFF -> Verdict.off("switched off in the configuration");
        };
    }
}
