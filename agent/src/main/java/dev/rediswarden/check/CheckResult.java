package dev.rediswarden.check;

import java.time.Instant;

/**
 * A check's verdict on an instance.
 *
 * @param instance the instance's name; empty for what concerns the agent itself
 * @param verdict as it is told
 * @param since when the check's status became what it is
 * @param course how it came to be told so
 */
public record CheckResult(String instance, String check, Verdict verdict, Instant since, Course course) {

    /** Of one look alone. */
    public CheckResult(String instance, String check, Verdict verdict, Instant since) {
        this(instance, check, verdict, since, Course.of(verdict));
    }

    public Status status() {
        return verdict.status();
    }

    public boolean isOf(String ofInstance, String ofCheck) {
        return instance.equals(ofInstance) && check.equals(ofCheck);
    }
}
