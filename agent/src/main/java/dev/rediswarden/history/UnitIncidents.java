package dev.rediswarden.history;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Units that were started, stopped or restarted, or have failed, between two looks; not what they go through on their way. */
final class UnitIncidents {

    private static final Set<String> ARRIVED = Set.of("active", "inactive", "failed");

    private UnitIncidents() {}

    static void add(Snapshot before, Snapshot now, List<Event> events) {
        Instant at = now.takenAt();
        for (int i = 0; i < Math.min(before.instances().size(), now.instances().size()); i++) {
            InstanceState was = before.instances().get(i);
            InstanceState is = now.instances().get(i);
            if (was.name().equals(is.name())
                    && was.unit().isPresent()
                    && is.unit().isPresent()) {
                ofInstance(was.unit().get(), is.unit().get(), is.name(), at, events);
            }
        }
        ofSite(before.siteUnits(), now.siteUnits(), at, events);
    }

    @SuppressWarnings("ReferenceEquality")
    private static void ofInstance(
            Reading<UnitState> before, Reading<UnitState> now, String redis, Instant at, List<Event> events) {
        if (before != now
                && before instanceof Reading.Known<UnitState> was
                && now instanceof Reading.Known<UnitState> is) {
            text(was.value(), is.value())
                    .ifPresent(text -> events.add(
                            new Event(at, Event.Kind.UNIT, redis, is.value().id(), text)));
        }
    }

    private static Optional<String> text(UnitState was, UnitState is) {
        boolean died = is.subState().equals("auto-restart") && !was.subState().equals("auto-restart");
        boolean moved = ARRIVED.contains(is.activeState()) && !is.activeState().equals(was.activeState());
        boolean replaced = is.activeState().equals("active")
                && is.mainPid() != 0
                && was.mainPid() != 0
                && is.mainPid() != was.mainPid();
        String result = is.result().equals("success") ? "" : ", result " + is.result();
        if (died) {
            return Optional.of("ended" + result + "; systemd starts it again");
        } else if (moved || replaced) {
            String process = is.mainPid() == 0 ? "" : ", process " + is.mainPid();
            return Optional.of("is " + is.activeState() + process + result);
        }
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality")
    private static void ofSite(Reading<SiteUnits> before, Reading<SiteUnits> now, Instant at, List<Event> events) {
        if (before == now
                || !(before instanceof Reading.Known<SiteUnits> was)
                || !(now instanceof Reading.Known<SiteUnits> is)) {
            return;
        }
        Map<String, String> states = new HashMap<>();
        was.value().units().forEach(unit -> states.put(unit.name(), unit.activeState()));
        for (SiteUnit unit : is.value().units()) {
            String state = states.getOrDefault(unit.name(), unit.activeState());
            if (ARRIVED.contains(unit.activeState()) && !unit.activeState().equals(state)) {
                events.add(new Event(at, Event.Kind.UNIT, "", unit.name(), "is " + unit.activeState()));
            }
        }
    }
}
