package dev.rediswarden.lab;

/** What a finished command left behind. */
public record Result(String command, int exit, String out, String err) {

    /** Its trimmed output; an {@link AssertionError} with both streams unless it exited with 0. */
    public String ok() {
        if (exit != 0) {
            throw new AssertionError(this);
        }
        return out.strip();
    }

    @Override
    public String toString() {
        return "`%s` exited with %d\n%s\n%s".formatted(command, exit, out, err).strip();
    }
}
