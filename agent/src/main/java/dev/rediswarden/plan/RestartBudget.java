package dev.rediswarden.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a unit that keeps failing is started again: three times in ten minutes, with growing pauses, and then not
 * at all until somebody has looked: a restart must not hide a cause.
 *
 * @param starts when it was started, on the kernel's monotonic clock in microseconds, oldest first
 * @param gaveUpAt on the same clock; 0 where it was not given up
 */
public record RestartBudget(List<Long> starts, long gaveUpAt) {

    /** Nothing was started yet. */
    public static final RestartBudget FULL = new RestartBudget(List.of(), 0);

    static final int MOST = 3;
    static final Duration WINDOW = Duration.ofMinutes(10);

    /** Before the first, second and third start of a window. */
    static final List<Duration> PAUSES = List.of(Duration.ZERO, Duration.ofSeconds(20), Duration.ofSeconds(80));

    public RestartBudget {
        starts = List.copyOf(starts);
    }

    /** What may be done about a failed unit now. */
    public enum Decision {
        START,
        WAIT,
        GIVE_UP
    }

    /** A unit that somebody else has started since is begun with anew; a look backwards is bounded by the window. */
    public RestartBudget at(long now, long activeEnteredMicros) {
        if (gaveUpAt > 0) {
            return activeEnteredMicros > gaveUpAt ? FULL : this;
        }
        return new RestartBudget(
                starts.stream().filter(start -> now - start < micros(WINDOW)).toList(), 0);
    }

    public Decision decide(long now) {
        if (gaveUpAt > 0 || starts.size() >= MOST) {
            return Decision.GIVE_UP;
        }
        return starts.isEmpty() || now >= nextStart() ? Decision.START : Decision.WAIT;
    }

    /** Not before then, on the same clock. */
    public long nextStart() {
        return starts.isEmpty()
                ? 0
                : starts.get(starts.size() - 1) + micros(PAUSES.get(Math.min(starts.size(), MOST - 1)));
    }

    public int left() {
        return gaveUpAt > 0 ? 0 : Math.max(0, MOST - starts.size());
    }

    public RestartBudget started(long now) {
        List<Long> more = new ArrayList<>(starts);
        more.add(now);
        return new RestartBudget(more, 0);
    }

    public RestartBudget givenUp(long now) {
        return new RestartBudget(starts, gaveUpAt > 0 ? gaveUpAt : now);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1000;
    }
}
