package dev.rediswarden;

import dev.rediswarden.plan.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.tinylog.Logger;

/**
 * Calls root when a plan has something in it: by touching a file that systemd watches, which carries no data. Once for
 * each plan, and again with growing pauses while it is not carried out.
 */
final class Bell {

    /** A call in the moment in which an earlier run ends is lost: systemd takes it for that run's. */
    private static final Duration SOON = Duration.ofSeconds(2);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(20);
    /** How often it is rung before the pauses grow: until every start of the budget could be made. */
    private static final int EVEN = 8;

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** While root leaves alone what is to be done: it is looked at anew all the same, should the cause have passed. */
    private static final Duration SELDOM = Duration.ofHours(1);

    private static final Plan NOTHING = new Plan(List.of(), List.of());

    private final Path file;
    private final LongSupplier nanos;
    private volatile Plan plan = NOTHING;
    private Duration pause = FIRST_PAUSE;
    private int rung;
    private long rungAt;

    /** @param file that a path unit watches; it is not touched where its directory is not there */
    Bell(Path file, LongSupplier nanos) {
        this.file = file;
        this.nanos = nanos;
    }

    /** There is nothing to call for; what there is next is new. */
    void forget() {
        plan = NOTHING;
    }

    /**
     * Rings where it is time to.
     *
     * @param left whether root has told that it leaves all of it alone
     */
    void hear(Plan next, boolean left) {
        if (!next.equals(plan)) {
            plan = next;
            pause = FIRST_PAUSE;
            ring();
            rung = 1;
        } else if (!next.isEmpty() && nanos.getAsLong() - rungAt >= pause(left).toNanos()) {
            rung++;
            Duration doubled = rung > EVEN ? pause.multipliedBy(2) : pause;
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            ring();
        }
    }

    private Duration pause(boolean left) {
        if (rung == 1) {
            return SOON;
        }
        return left ? SELDOM : pause;
    }

    Plan plan() {
        return plan;
    }

    private void ring() {
        rungAt = nanos.getAsLong();
        try {
            if (Files.isDirectory(file.resolveSibling("."))) {
                Files.write(file, new byte[0]);
            }
        } catch (IOException e) {
            Logger.warn("{} could not be touched, by which root is called: {}", file, e.toString());
        }
    }
}
