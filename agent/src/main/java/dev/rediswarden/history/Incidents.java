package dev.rediswarden.history;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Kind;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What has happened from one report to the next. Used by the cycle alone. */
final class Incidents {

    /** How a server was when it last told. */
    private record Told(Reading<ServerState> reading, Fields info, Reading<Fields> config) {}

    /** How many changed settings are named in one event. */
    private static final int NAMED = 5;

    private final Map<String, Told> told = new HashMap<>();

    /** Each second, and so without making anything anew where nothing has changed. */
    List<Event> between(Report before, Report now) {
        List<Event> events = new ArrayList<>(0);
        if (before.isCurrent() && now.isCurrent()) {
            statuses(before, now, events);
            UnitIncidents.add(before.snapshot(), now.snapshot(), events);
        }
        Instant at = now.snapshot().takenAt();
        List<InstanceState> instances = now.snapshot().instances();
        instances.forEach(instance -> server(instance, at, events));
        if (told.size() > instances.size()) {
            told.keySet().retainAll(instances.stream().map(InstanceState::name).toList());
        }
        return events;
    }

    private static void statuses(Report before, Report now, List<Event> events) {
        Instant at = now.snapshot().takenAt();
        if (before.health() != now.health()) {
            events.add(new Event(at, Event.Kind.STATUS, "", "health", now.summary()));
        }
        List<CheckResult> is = now.results();
        for (int i = 0; i < is.size(); i++) {
            CheckResult result = is.get(i);
            Optional<CheckResult> earlier = before.find(i, result.kind(), result.instance(), result.check());
            if (earlier.isPresent() && isTold(earlier.get(), result)) {
                boolean site = result.kind() == Kind.SITE;
                events.add(new Event(
                        at,
                        Event.Kind.STATUS,
                        site ? "" : result.instance(),
                        site ? result.instance() + "/" + result.check() : result.check(),
                        result.status().word() + ": " + result.verdict().detail()));
            }
        }
    }

    /** Not what was unknown since it was not read yet, and not that somebody has switched a check that is well on or off. */
    private static boolean isTold(CheckResult was, CheckResult is) {
        return was.status() != is.status() && was.course().known() && !(isWell(was.status()) && isWell(is.status()));
    }

    private static boolean isWell(Status status) {
        return status == Status.OK || status == Status.OFF;
    }

    /** Held against what it told last: in between it may not have answered. */
    @SuppressWarnings("ReferenceEquality")
    private void server(InstanceState instance, Instant at, List<Event> events) {
        Told last = told.get(instance.name());
        if ((last != null && last.reading() == instance.server())
                || !(instance.server() instanceof Reading.Known<ServerState> known)) {
            return;
        }
        ServerState state = known.value();
        // What CONFIG does not tell just now is as it was.
        Reading<Fields> config =
                state.config() instanceof Reading.Known<Fields> || last == null ? state.config() : last.config();
        told.put(instance.name(), new Told(instance.server(), state.info(), config));
        if (last == null) {
            return;
        }
        if (!last.info().text("run_id").equals(state.info().text("run_id"))) {
            events.add(new Event(at, Event.Kind.RESTART, instance.name(), instance.unitName(), restart(last, state)));
        }
        if (last.config() instanceof Reading.Known<Fields> was && config instanceof Reading.Known<Fields> is) {
            changes(was.value(), is.value())
                    .ifPresent(text ->
                            events.add(new Event(at, Event.Kind.CONFIG, instance.name(), instance.unitName(), text)));
        }
    }

    private static String restart(Told last, ServerState state) {
        return "a new process " + state.info().text("process_id").orElse("?") + " answers, version "
                + state.info().text("redis_version").orElse("?") + ", up for "
                + state.info().text("uptime_in_seconds").orElse("?") + " s; before it was "
                + last.info().text("process_id").orElse("?");
    }

    private static Optional<String> changes(Fields was, Fields is) {
        if (was.equals(is)) {
            return Optional.empty();
        }
        Set<String> names = new TreeSet<>(was.values().keySet());
        names.addAll(is.values().keySet());
        names.removeIf(name -> was.text(name).equals(is.text(name)));
        List<String> changed = names.stream()
                .limit(NAMED)
                .map(name -> name + " is " + shown(is, name) + ", was " + shown(was, name))
                .toList();
        String more = names.size() > NAMED ? "; and " + (names.size() - NAMED) + " more" : "";
        return Optional.of(String.join("; ", changed) + more);
    }

    private static String shown(Fields fields, String name) {
        return fields.text(name).map(value -> value.isEmpty() ? "\"\"" : value).orElse("not told");
    }
}
