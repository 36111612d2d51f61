package dev.rediswarden.systemd;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The automatic restarts within the last minutes, told from systemd's counter NRestarts, which knows no time and
 * returns to 0 when the unit is started by hand (org.freedesktop.systemd1(5)).
 */
final class RestartWindow {

    private record Growth(long at, long restarts) {}

    private final long length;
    private final Deque<Growth> growths = new ArrayDeque<>();
    private String unit = "";
    private long counter;

    RestartWindow(Duration length) {
        this.length = length.toNanos();
    }

    /**
     * Takes note of the counter; what it held at the first look happened at an unknown time and is not counted.
     *
     * @param id whose counter it is: another unit begins anew
     * @param now nanoseconds of a monotonic clock
     * @return how many restarts were seen within the window that ends now
     */
    long observe(String id, long count, long now) {
        if (!unit.equals(id)) {
            growths.clear();
            unit = id;
        } else if (count != counter) {
            growths.addLast(new Growth(now, count < counter ? count : count - counter));
        }
        counter = count;
        return at(now);
    }

    /** The same, without a new look at the counter. */
    long at(long now) {
        while (!growths.isEmpty() && now - growths.getFirst().at() >= length) {
            growths.removeFirst();
        }
        return growths.stream().mapToLong(Growth::restarts).sum();
    }
}
