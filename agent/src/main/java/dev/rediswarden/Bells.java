package dev.rediswarden;

import dev.rediswarden.check.Report;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Contest;
import dev.rediswarden.plan.Enforcement;
import dev.rediswarden.plan.Plan;
import dev.rediswarden.plan.Planner;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** After each cycle decides, by the same plans that root will draw, whether it is to be called: for units, for settings. */
final class Bells {

    private final Bell units;
    private final Bell settings;
    private Reading<?> judgedSite = Reading.unknown(Reading.Cause.NOT_READ, "");
    private List<Optional<Reading<UnitState>>> judgedUnits = List.of();
    private List<Reading<?>> judgedSettings = List.of();

    /** @param directory where path units watch the files {@code apply} and {@code enforce} */
    Bells(Path directory, LongSupplier nanos) {
        this.units = new Bell(directory.resolve("apply"), nanos);
        this.settings = new Bell(directory.resolve("enforce"), nanos);
    }

    /** Called by the cycle, after each. */
    void published(Report now) {
        Snapshot snapshot = now.snapshot();
        if (isPaused(snapshot)) {
            units.forget(); // so that what there is then is new at the end of the pause
            settings.forget();
            judgedUnits = List.of();
            judgedSettings = List.of();
            return;
        }
        Stewardship steward = snapshot.stewardship().optional().orElse(Stewardship.NONE);
        Plan ofUnits = units(snapshot);
        units.hear(ofUnits, ofUnits.actions().stream().allMatch(action -> isLeft(action, steward)));
        Plan ofSettings = settings(snapshot);
        if (ofSettings.isEmpty()) {
            settings.forget(); // what is as it is wished needs nobody
        } else {
            settings.hear(
                    ofSettings,
                    ofSettings.actions().stream().allMatch(action -> Contest.isGivenUp(action, steward.contested())));
        }
    }

    /** A start that is left is one that waits. */
    private static boolean isLeft(Action action, Stewardship steward) {
        return !(action instanceof Action.Start) && steward.left().containsKey(action.unit());
    }

    /** How many actions are waiting to be carried out. */
    int size() {
        return units.plan().actions().size() + settings.plan().actions().size();
    }

    /** Anew only where what it is drawn from has changed. */
    @SuppressWarnings("ReferenceEquality")
    private Plan units(Snapshot snapshot) {
        List<Optional<Reading<UnitState>>> read =
                snapshot.instances().stream().map(InstanceState::unit).toList();
        if (judgedSite == snapshot.siteUnits() && judgedUnits.equals(read)) {
            return units.plan();
        }
        judgedSite = snapshot.siteUnits();
        judgedUnits = read;
        return new Planner(false).plan(snapshot);
    }

    /** The same. */
    private Plan settings(Snapshot snapshot) {
        List<Reading<?>> read = snapshot.instances().stream()
                .filter(instance -> instance.policy().enforce())
                .flatMap(instance -> Stream.concat(
                        instance.unit().stream(), Stream.<Reading<?>>of(instance.server(), instance.confFile())))
                .toList();
        if (!read.isEmpty()) {
            read = Stream.concat(Stream.<Reading<?>>of(snapshot.kernel(), snapshot.boot()), read.stream())
                    .toList();
        }
        // Where an object is the same one, it is not looked into.
        if (read.equals(judgedSettings)) {
            return settings.plan();
        }
        judgedSettings = read;
        return Enforcement.plan(snapshot);
    }

    private static boolean isPaused(Snapshot snapshot) {
        return snapshot.stewardship()
                .optional()
                .flatMap(steward -> steward.pausedAt(snapshot.takenAt()))
                .isPresent();
    }
}
