package dev.rediswarden;

import dev.rediswarden.check.Report;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.Planner;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.tinylog.Logger;

/**
 * Calls root when the plan has something in it: by touching a file that systemd watches, which carries no data. Once
 * for each plan, and again with growing pauses while it is not carried out.
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

    private final Path directory;
    private final LongSupplier nanos;
    private Reading<?> judgedSite = Reading.unknown(Reading.Cause.NOT_READ, "");
    private List<Optional<Reading<UnitState>>> judgedUnits = List.of();
    private volatile Plan plan = NOTHING;
    private Duration pause = FIRST_PAUSE;
    private int rung;
    private long rungAt;

    /** @param directory where {@code redis-warden-apply.path} watches the file {@code apply} */
    Bell(Path directory, LongSupplier nanos) {
        this.directory = directory;
        this.nanos = nanos;
    }

    /** Called by the cycle, after each. */
    void published(Report now) {
        if (isPaused(now.snapshot())) {
            plan = NOTHING; // so that what there is then is new at the end of the pause
            judgedUnits = List.of();
            return;
        }
        Plan next = plan(now.snapshot());
        if (!next.equals(plan)) {
            plan = next;
            pause = FIRST_PAUSE;
            ring();
            rung = 1;
        } else if (!next.isEmpty()
                && nanos.getAsLong() - rungAt >= pause(now.snapshot()).toNanos()) {
            rung++;
            Duration doubled = rung > EVEN ? pause.multipliedBy(2) : pause;
            pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
            ring();
        }
    }

    private Duration pause(Snapshot snapshot) {
        if (rung == 1) {
            return SOON;
        }
        return isLeft(snapshot) ? SELDOM : pause;
    }

    /** Every drop-in of the plan, and there is nothing else in it; a start that is left is one that waits. */
    private boolean isLeft(Snapshot snapshot) {
        Stewardship steward = snapshot.stewardship().optional().orElse(Stewardship.NONE);
        return plan.actions().stream()
                .allMatch(action ->
                        !(action instanceof Action.Start) && steward.left().containsKey(action.unit()));
    }

    /** How many actions are waiting to be carried out. */
    int size() {
        return plan.actions().size();
    }

    /** Anew only where what it is drawn from has changed. */
    @SuppressWarnings("ReferenceEquality")
    private Plan plan(Snapshot snapshot) {
        List<Optional<Reading<UnitState>>> units =
                snapshot.instances().stream().map(InstanceState::unit).toList();
        if (judgedSite == snapshot.siteUnits() && judgedUnits.equals(units)) {
            return plan;
        }
        judgedSite = snapshot.siteUnits();
        judgedUnits = units;
        return new Planner(false).plan(snapshot);
    }

    private static boolean isPaused(Snapshot snapshot) {
        return snapshot.stewardship()
                .optional()
                .flatMap(steward -> steward.pausedAt(snapshot.takenAt()))
                .isPresent();
    }

    private void ring() {
        rungAt = nanos.getAsLong();
        try {
            if (Files.isDirectory(directory)) {
                Files.write(directory.resolve("apply"), new byte[0]);
            }
        } catch (IOException e) {
            Logger.warn("redis-warden-apply could not be called: {}", e.toString());
        }
    }
}
