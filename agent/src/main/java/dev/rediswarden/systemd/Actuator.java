package dev.rediswarden.systemd;

import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.DropInText;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.UnitState;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out actions on units, and believes in none of them before systemd shows its effect. Run by root, one at a
 * time.
 */
public final class Actuator {

    private final Manager manager;
    private final DropIns dropIns;
    private final Intent intent;
    private final Supplier<Reading<SiteUnits>> siteUnits;
    private final Function<String, Reading<UnitState>> units;
    private final Duration patience;

    /**
     * @param state a directory that only root can read, for what is under way
     * @param siteUnits reads the site's units anew
     * @param units reads one unit anew
     * @param patience how long a start is followed
     */
    public Actuator(
            Manager manager,
            DropIns dropIns,
            Path state,
            Supplier<Reading<SiteUnits>> siteUnits,
            Function<String, Reading<UnitState>> units,
            Duration patience) {
        this.manager = manager;
        this.dropIns = dropIns;
        this.intent = new Intent(state.resolve("intent"));
        this.siteUnits = siteUnits;
        this.units = units;
        this.patience = patience;
    }

    /**
     * Takes back what an earlier run was interrupted in.
     *
     * @return the units whose drop-ins were restored
     */
    public List<String> recover() throws IOException, Manager.Refused {
        List<Action> unfinished = intent.unfinished();
        if (unfinished.isEmpty()) {
            return List.of();
        }
        for (Action action : unfinished) {
            dropIns.undo(action);
        }
        manager.reload();
        intent.fulfilled();
        return unfinished.stream().map(Action::unit).toList();
    }

    /** Carries out all actions, in their order; one that fails keeps no other from being tried. */
    public List<Outcome> carryOut(List<Action> actions) {
        List<Outcome> outcomes = new ArrayList<>();
        List<Action> files = actions.stream().filter(Actuator::isFile).toList();
        boolean ordered = false;
        for (Action action : actions) {
            if (action instanceof Action.Enable enable) {
                outcomes.add(attempt(action, () -> enable(enable.unit())));
            } else if (action instanceof Action.Start start) {
                outcomes.add(attempt(action, () -> start(start)));
            } else if (!ordered) {
                ordered = true;
                outcomes.addAll(order(files));
            }
        }
        return outcomes;
    }

    /** Takes drop-ins away for good: what fails here is no reason to write one of them again. */
    public List<Outcome> remove(List<Action> actions) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Action action : actions) {
            outcomes.add(attempt(action, () -> {
                try {
                    dropIns.remove(action.unit());
                    return "it is gone";
                } catch (IOException e) {
                    throw new Disproved(reason(e));
                }
            }));
        }
        if (!actions.isEmpty()) {
            try {
                manager.reload();
            } catch (Manager.Refused e) {
                Action last = actions.get(actions.size() - 1);
                outcomes.add(new Outcome(
                        last, Result.FAILED, e.getMessage() + "; once it answers: sudo systemctl daemon-reload"));
            }
        }
        return outcomes;
    }

    private static boolean isFile(Action action) {
        return action instanceof Action.WriteDropIn || action instanceof Action.RemoveDropIn;
    }

    private interface Step {
        String run() throws Manager.Refused, Disproved;
    }

    /** systemd took the order, and the effect is not there. */
    private static final class Disproved extends Exception {
        Disproved(String message) {
            super(message, null, false, false);
        }
    }

    private static Outcome attempt(Action action, Step step) {
        try {
            return new Outcome(action, Result.DONE, step.run());
        } catch (Manager.Refused | Disproved e) {
            return new Outcome(action, Result.FAILED, String.valueOf(e.getMessage()));
        }
    }

    private String enable(String unit) throws Manager.Refused, Disproved {
        manager.enable(unit);
        manager.reload();
        String state = state(unit).unitFileState();
        if (!state.equals("enabled")) {
            throw new Disproved("systemd says that it is " + state);
        }
        return "UnitFileState is enabled";
    }

    private String start(Action.Start start) throws Manager.Refused, Disproved {
        // systemd's own limit would refuse the start; ours, which is narrower, has let it through.
        String result = manager.start(start.unit(), start.failure().equals("start-limit-hit"), patience);
        UnitState state = state(start.unit());
        String seen = state.activeState() + "/" + state.subState();
        if (result.equals("running")) {
            return "still starting after " + patience.toSeconds() + " s (" + seen + ")";
        }
        if (!result.equals("done") || !state.activeState().equals("active")) {
            throw new Disproved(
                    "the job ended with " + result + ", and the unit is " + seen + " (result " + state.result() + ")");
        }
        return "the job is done, and the unit " + seen;
    }

    private UnitState state(String unit) throws Disproved {
        Reading<UnitState> reading = units.apply(unit);
        if (reading instanceof Reading.Known<UnitState> known) {
            return known.value();
        }
        throw new Disproved("its state cannot be read");
    }

    /** All files, one reload, the proof; what did not take is taken back, with a second reload. */
    private List<Outcome> order(List<Action> files) {
        List<Action> done = new ArrayList<>();
        try {
            intent.declare(files);
            for (Action action : files) {
                done.add(action);
                dropIns.act(action);
            }
            dropIns.sync();
            manager.reload();
            List<Outcome> outcomes = prove(files);
            List<Action> failed = outcomes.stream()
                    .filter(outcome -> outcome.result() != Result.DONE)
                    .map(Outcome::action)
                    .toList();
            if (!failed.isEmpty()) {
                takeBack(failed);
            }
            intent.fulfilled();
            return outcomes;
        } catch (IOException | Manager.Refused e) {
            String why = reason(e) + rollBack(done);
            return files.stream()
                    .map(action -> new Outcome(action, Result.FAILED, why))
                    .toList();
        }
    }

    private String rollBack(List<Action> done) {
        try {
            takeBack(done);
            intent.fulfilled();
            return "; everything was taken back";
        } catch (IOException | Manager.Refused e) {
            return "; taking it back failed as well (" + reason(e) + "), the next run tries again";
        }
    }

    private void takeBack(List<Action> actions) throws IOException, Manager.Refused {
        for (Action action : actions) {
            dropIns.undo(action);
        }
        manager.reload();
    }

    /** By what systemd has loaded, not by what was written. */
    private List<Outcome> prove(List<Action> files) {
        Reading<SiteUnits> reading = siteUnits.get();
        if (!(reading instanceof Reading.Known<SiteUnits> known)) {
            return files.stream()
                    .map(action -> new Outcome(action, Result.FAILED, "what systemd has loaded cannot be read"))
                    .toList();
        }
        Map<String, SiteUnit> loaded = new HashMap<>();
        known.value().units().forEach(unit -> loaded.put(unit.name(), unit));
        return files.stream()
                .map(action -> proof(action, loaded.get(action.unit())))
                .toList();
    }

    private static Outcome proof(Action action, @Nullable SiteUnit unit) {
        boolean isLoaded = unit != null && unit.dropInPaths().contains(DropInText.path(action.unit()));
        if (action instanceof Action.RemoveDropIn) {
            return isLoaded
                    ? new Outcome(action, Result.DISPROVED, "systemd still has it loaded")
                    : new Outcome(
                            action,
                            Result.DONE,
                            unit == null ? "it is gone, and systemd has reloaded" : "systemd no longer has it loaded");
        }
        if (unit == null) {
            return new Outcome(action, Result.FAILED, "the unit is gone");
        }
        return isLoaded && unit.loadState().equals("loaded") && isInForce(action, unit)
                ? new Outcome(action, Result.DONE, "systemd has it loaded")
                : new Outcome(action, Result.DISPROVED, "systemd has not loaded it (" + unit.loadState() + ")");
    }

    /** Each line of the drop-in is in the graph. */
    private static boolean isInForce(Action action, SiteUnit unit) {
        String content = action instanceof Action.WriteDropIn write ? write.content() : "";
        return content.lines()
                .allMatch(line -> line.startsWith("After=")
                        ? unit.after().contains(line.substring("After=".length()))
                        : !line.startsWith("Wants=") || unit.wants().contains(line.substring("Wants=".length())));
    }

    private static String reason(Exception e) {
        return e instanceof java.nio.file.FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName() + " " + file.getFile()
                : String.valueOf(e.getMessage());
    }
}
