package dev.rediswarden.plan;

/**
 * One action and its end.
 *
 * @param proof what was seen, or what went wrong
 */
public record Outcome(Action action, Result result, String proof) {

    /** How an action ended. */
    public enum Result {
        DONE,
        FAILED,
        /** It was written and taken back, since it was not in what systemd had loaded then. */
        DISPROVED
    }

    public boolean isDone() {
        return result == Result.DONE;
    }
}
