package dev.rediswarden.check;

import java.time.Instant;

/**
 * A check's verdict on an instance, or on a site.
 *
 * @param instance the name of the instance or the site; empty for what concerns the agent itself
 * @param verdict as it is told
 * @param since when the check's status became what it is
 * @param course how it came to be told so
 */
public record CheckResult(Kind kind, String instance, String check, Verdict verdict, Instant since, Course course) {

    /** On an instance, of one look alone. */
    public CheckResult(String instance, String check, Verdict verdict, Instant since) {
        this(Kind.REDIS, instance, check, verdict, since, Course.of(verdict));
    }

    public Status status() {
        return verdict.status();
    }

    public boolean isOf(Kind ofKind, String ofInstance, String ofCheck) {
        return kind == ofKind && instance.equals(ofInstance) && check.equals(ofCheck);
    }

    /** Whether it is of the same check, in another cycle. */
    public boolean isOfSameAs(CheckResult other) {
        return isOf(other.kind, other.instance, other.check);
    }
}
