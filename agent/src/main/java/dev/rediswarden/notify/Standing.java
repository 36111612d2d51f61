package dev.rediswarden.notify;

import dev.rediswarden.check.Status;
import java.time.Instant;

/**
 * How one check stands.
 *
 * @param check as /health names it; {@link #OVERALL} for the whole
 * @param remedy the command that mends it; empty where there is none
 */
public record Standing(String check, Status status, Instant since, String detail, String remedy) {

    /** No check has this name. */
    public static final String OVERALL = "overall";
}
