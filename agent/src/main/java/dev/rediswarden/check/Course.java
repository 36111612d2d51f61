package dev.rediswarden.check;

import java.time.Instant;
import java.util.Optional;

/**
 * How a check came to be told as it is: what {@link Damping} needs of the cycles before.
 *
 * @param told the verdict in force, as the check gave it
 * @param known whether the check ever said more than that it is unknown
 * @param held what newer cycles say, while the verdict in force is held against them; empty where it is the newest
 */
public record Course(Verdict told, boolean known, Optional<Held> held) {

    /**
     * What was found since.
     *
     * @param worst of those cycles
     * @param at when the last that counts was taken
     * @param cycles how many count
     */
    record Held(Verdict worst, Instant at, int cycles) {}

    /** Where there is nothing to hold. */
    static Course of(Verdict told) {
        return new Course(told, told.status() != Status.UNKNOWN, Optional.empty());
    }

    /** The newest cycle was told as it was found. */
    boolean isSettled() {
        return held.isEmpty();
    }

    /** A fault that the newest cycles do not show any more is in force until that is confirmed. */
    boolean isRecovering() {
        return held.filter(newer -> newer.worst().status().compareTo(told.status()) < 0)
                .isPresent();
    }
}
