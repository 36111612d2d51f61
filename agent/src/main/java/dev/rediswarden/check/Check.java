package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Snapshot;

/**
 * One thing to prove about an instance: a pure function of what was read. A check does no I/O, reads no clock and
 * keeps no state; what it needs of the past is in the readings.
 */
public interface Check {

    /** The name in answers, labels and the configuration: {@code binding}. */
    String name();

    Verdict examine(InstanceState instance, Snapshot snapshot);

    /** Whether its verdict on these stays as it is until a reading is replaced: not where it goes by the clock. */
    default boolean isLasting(InstanceState instance, Snapshot snapshot) {
        return true;
    }
}
