package dev.rediswarden.plan;

/**
 * What is not as it is wanted, and is left alone all the same.
 *
 * @param reason why, in one sentence
 * @param command with which a person changes it
 */
public record Left(Kind kind, String unit, String reason, String command) {

    /** What becomes of it. */
    public enum Kind {
        /** Somebody else's decision. */
        ALONE,
        /** It is done later. */
        WAITING,
        /** It was done again and again, to no effect. */
        GAVE_UP
    }

    public Left(String unit, String reason, String command) {
        this(Kind.ALONE, unit, reason, command);
    }
}
