package dev.rediswarden.check;

import java.time.Instant;

/**
 * A check's verdict on an instance.
 *
 * @param instance the instance's name; empty for what concerns the agent itself
 * @param since when the check's status became what it is
 */
public record CheckResult(String instance, String check, Verdict verdict, Instant since) {

    public Status status() {
        return verdict.status();
    }

    boolean isSame(CheckResult other) {
        return instance.equals(other.instance) && check.equals(other.check);
    }
}
