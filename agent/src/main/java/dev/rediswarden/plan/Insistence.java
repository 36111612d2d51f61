package dev.rediswarden.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How often one setting was put right by itself: twice in 24 hours, and then not at all until somebody has decided, for
 * whoever changes it back means it. A try that failed counts as well, and the next one waits.
 *
 * @param wished what it was set to; another wish begins anew
 * @param made when, oldest first
 * @param failed whether the last of them had no effect, or did not come to its end
 * @param gaveUp whether it is left now
 */
public record Insistence(String wished, List<Instant> made, boolean failed, boolean gaveUp) {

    static final int MOST = 2;
    static final Duration WINDOW = Duration.ofHours(24);

    /** A full disk or a busy server may be over by then. */
    static final Duration PAUSE = Duration.ofMinutes(5);

    public Insistence {
        made = List.copyOf(made);
    }

    /** Nothing was done yet. */
    static Insistence on(String wished) {
        return new Insistence(wished, List.of(), false, false);
    }

    /** What may be done now. */
    enum Decision {
        MAKE,
        WAIT,
        GIVE_UP
    }

    /** Without what was long ago. A clock that was set back by more than that begins anew. */
    Insistence at(Instant now) {
        return gaveUp ? this : new Insistence(wished, recent(now), failed, false);
    }

    private List<Instant> recent(Instant now) {
        return made.stream()
                .filter(then -> Duration.between(then, now).abs().compareTo(WINDOW) < 0)
                .toList();
    }

    Decision decide(Instant now) {
        if (gaveUp || made.size() >= MOST) {
            return Decision.GIVE_UP;
        }
        boolean early = failed
                && !made.isEmpty()
                && Duration.between(made.get(made.size() - 1), now).abs().compareTo(PAUSE) < 0;
        return early ? Decision.WAIT : Decision.MAKE;
    }

    /** Once more; a failure until it is known to be none. */
    Insistence begun(Instant now) {
        List<Instant> more = new ArrayList<>(made);
        more.add(now);
        return new Insistence(wished, more, true, false);
    }

    Insistence givenUp() {
        return new Insistence(wished, made, failed, true);
    }

    /** It came to its end. */
    Insistence ended(boolean done) {
        return new Insistence(wished, made, !done, gaveUp);
    }

    /** Whether there is something in it to remember. */
    boolean counts() {
        return gaveUp || !made.isEmpty();
    }
}
