package dev.rediswarden.history;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What counters of INFO have grown by from one look to the next, by the server's own clock; unknown (NaN) over a restart,
 * a reset and a look that failed.
 */
final class Rates {

    private static final float UNKNOWN = Float.NaN;

    private @Nullable Fields before;
    private float commands = UNKNOWN;
    private float evictions = UNKNOWN;
    private float hitRate = UNKNOWN;

    void observe(Reading<ServerState> reading) {
        Fields was = before;
        Fields is = reading instanceof Reading.Known<ServerState> known
                ? known.value().info()
                : null;
        before = is;
        commands = UNKNOWN;
        evictions = UNKNOWN;
        hitRate = UNKNOWN;
        if (was == null || is == null || !was.text("run_id").equals(is.text("run_id"))) {
            return;
        }
        double seconds = grown(was, is, "server_time_usec") / 1e6;
        if (seconds > 0) {
            commands = (float) (grown(was, is, "total_commands_processed") / seconds);
            evictions = (float) (grown(was, is, "evicted_keys") / seconds);
        }
        double hits = grown(was, is, "keyspace_hits");
        double asked = hits + grown(was, is, "keyspace_misses");
        if (asked > 0) {
            hitRate = (float) (hits / asked);
        }
    }

    /** NaN where it is not told, or has become less. */
    private static double grown(Fields was, Fields is, String counter) {
        OptionalLong before = was.number(counter);
        OptionalLong now = is.number(counter);
        return before.isPresent() && now.isPresent() && now.getAsLong() >= before.getAsLong()
                ? now.getAsLong() - before.getAsLong()
                : Double.NaN;
    }

    float commands() {
        return commands;
    }

    float evictions() {
        return evictions;
    }

    float hitRate() {
        return hitRate;
    }
}
