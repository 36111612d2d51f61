package dev.rediswarden;

import dev.rediswarden.host.StewardshipFile;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.Contest;
import dev.rediswarden.plan.Left;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.plan.RestartBudget;
import dev.rediswarden.plan.Restraint;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.Untrusted;
import dev.rediswarden.systemd.Decisions;
import dev.rediswarden.systemd.Decisions.Kind;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Gives account of what was done and of what was left: to who reads along, to the journal, to the daemon. */
record Account(PrintWriter out, Decisions decisions, StewardshipFile published) {

    /** A full disk fails them all; whoever reads about so many has understood. */
    private static final int MOST_FAILURES = 100;

    /** What was decided since the boot; nothing where that cannot be read. */
    Stewardship before() {
        return published.read().optional().orElse(Stewardship.NONE);
    }

    void tell(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            boolean done = outcome.result() == Result.DONE;
            String text = text(outcome);
            out.println((done ? "done    " : "FAILED  ") + text);
            decisions.tell(kind(outcome.action(), done), outcome.action().unit(), text);
        }
    }

    private static Kind kind(Action action, boolean done) {
        if (action instanceof Action.Start) {
            return done ? Kind.STARTED : Kind.START_FAILED;
        } else if (action instanceof Action.Configure || action instanceof Action.SetKernel) {
            return done ? Kind.SET : Kind.SET_FAILED;
        }
        return done ? Kind.CHANGED : Kind.CHANGE_FAILED;
    }

    /** One that nobody has asked for: with what it was, and on whose word. */
    void tellEnforced(Outcome outcome) {
        boolean done = outcome.isDone();
        String text = outcome.action().text() + was(outcome.action())
                + ", as redis-warden.toml wishes and says enforce = true: " + outcome.proof();
        out.println((done ? "done    " : "FAILED  ") + text);
        decisions.tell(done ? Kind.ENFORCED : Kind.SET_FAILED, outcome.action().unit(), text);
    }

    private static String was(Action action) {
        if (action instanceof Action.Configure change) {
            return change.now().equals(change.value())
                    ? ", which would load " + shown(change.next())
                    : ", which was " + shown(change.now());
        }
        return action instanceof Action.SetKernel change && !change.live().isEmpty()
                ? change.live().stream()
                        .map(live -> shown(live.now()))
                        .collect(Collectors.joining(" and ", ", which was ", ""))
                : "";
    }

    private static String shown(String value) {
        return value.isEmpty() ? "\"\"" : Untrusted.line(value);
    }

    private static String text(Outcome outcome) {
        return outcome.action().text() + ": " + outcome.proof();
    }

    /** The journal hears of each reason once. */
    void tell(List<Left> left, Stewardship before) {
        for (Left one : left) {
            say(List.of(one));
            if (isNew(one, before)) {
                decisions.tell(kind(one), one.unit(), one.unit() + ": " + one.reason());
            }
        }
    }

    /** To who reads along alone. */
    void say(List<Left> left) {
        for (Left one : left) {
            out.println("left    " + one.unit() + ": " + one.reason() + "; to change it: " + one.command());
        }
    }

    private static Kind kind(Left left) {
        return switch (left.kind()) {
            case ALONE -> Kind.LEFT_ALONE;
            case WAITING -> Kind.WAITING;
            case GAVE_UP -> Kind.GAVE_UP;
        };
    }

    private static boolean isNew(Left left, Stewardship before) {
        return !left.reason().equals(before.left().get(left.unit()));
    }

    /** The same of settings that were put right by themselves; the journal hears of each that is given up once. */
    void publish(Stewardship before, List<Outcome> outcomes, Contest contest) throws IOException {
        Map<String, Long> actions = new TreeMap<>(before.actions());
        outcomes.forEach(outcome -> actions.merge(outcome.isDone() ? "done" : "failed", 1L, Long::sum));
        Set<String> known = before.contested().stream().map(Contest::reason).collect(Collectors.toSet());
        for (Left one : contest.plan().left()) {
            if (one.kind() == Left.Kind.GAVE_UP && !known.contains(one.reason())) {
                actions.merge("refused", 1L, Long::sum);
                decisions.tell(Kind.CONTESTED, one.unit(), one.unit() + ": " + one.reason());
            }
        }
        published.write(before.about(actions, contest.contested()));
    }

    /** For the daemon and everyone else to read. */
    void publish(Stewardship before, Snapshot snapshot, List<Outcome> outcomes, Restraint restraint)
            throws IOException {
        Map<String, Long> actions = new TreeMap<>(before.actions());
        Map<String, String> failed = new TreeMap<>();
        for (Outcome outcome : outcomes) {
            boolean done = outcome.result() == Result.DONE;
            actions.merge(done ? "done" : "failed", 1L, Long::sum);
            if (!done && failed.size() < MOST_FAILURES) {
                failed.merge(outcome.action().unit(), text(outcome), (first, second) -> first + "; " + second);
            }
        }
        failed.replaceAll((unit, what) -> Untrusted.line(what));
        Map<String, String> reasons = new TreeMap<>();
        for (Left one : restraint.plan().left()) {
            reasons.merge(one.unit(), one.reason(), (first, second) -> first + "; " + second);
            if (isNew(one, before)) {
                actions.merge("refused", 1L, Long::sum);
            }
        }
        Map<String, Long> budget = new TreeMap<>();
        snapshot.instances().stream()
                .flatMap(instance -> instance.unit().flatMap(Reading::optional).stream())
                .filter(unit -> !unit.loadState().equals("not-found"))
                .forEach(unit -> budget.put(unit.id(), (long) RestartBudget.FULL.left()));
        restraint.budgets().forEach((unit, of) -> budget.put(unit, (long) of.left()));
        published.write(new Stewardship(before.pausedUntil(), budget, reasons, failed, actions, before.contested()));
    }
}
