package dev.rediswarden.notify;

import dev.rediswarden.check.Status;
import java.time.Instant;

/**
 * One check is not as its receiver was told before.
 *
 * @param at when that was seen
 * @param now how it stands
 */
public record Change(Status from, Instant at, Standing now) {

    /** For sorting what is worst to the top. */
    Status to() {
        return now.status();
    }

    boolean isResolved() {
        return to().compareTo(Status.OK) <= 0;
    }

    /** One line for a person. */
    String line() {
        String mend = now.remedy().isEmpty() ? "" : "; mend with: " + now.remedy();
        return now.check() + " is " + to().word() + " (was " + from.word() + "): " + now.detail() + mend;
    }
}
