package dev.rediswarden.plan;

import dev.rediswarden.snapshot.DropIn;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.snapshot.WayBack;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Computes what to change about units. What cannot be read is not changed.
 *
 * @param asked whether a person, or the installation, asks: then what an administrator has stopped or disabled is
 *     started and enabled too; otherwise that is a decision to be respected
 */
public record Planner(boolean asked) {

    /** A rule that names more than this is a typing error, not a site. */
    static final int MOST_UNITS = 2_000;

    /** What systemd takes for a name; nothing in it leads out of a directory (systemd.unit(5)). */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9:_.\\\\@-]{1,255}");

    public Plan plan(Snapshot snapshot) {
        List<Action> actions = new ArrayList<>();
        List<Left> left = new ArrayList<>();
        Map<String, String> redisUnits = new LinkedHashMap<>();
        for (InstanceState instance : snapshot.instances()) {
            unit(instance).ifPresent(unit -> {
                boolean first = !redisUnits.containsValue(unit.id());
                redisUnits.put(instance.name(), unit.id());
                if (first) {
                    serve(unit, actions, left);
                }
            });
        }
        snapshot.siteUnits().optional().ifPresent(site -> order(site, redisUnits, actions, left));
        return new Plan(actions, left);
    }

    /** Everything that was written taken away again. */
    public static Plan revert(SiteUnits site) {
        List<Action> actions = new ArrayList<>();
        site.dropIns().stream()
                .filter(DropIn::ours)
                .forEach(file -> actions.add(new Action.RemoveDropIn(file.unit(), file.path(), file.text())));
        return new Plan(actions, List.of());
    }

    private static Optional<UnitState> unit(InstanceState instance) {
        return instance.unit().flatMap(Reading::optional);
    }

    private void serve(UnitState unit, List<Action> actions, List<Left> left) {
        String id = unit.id();
        if (unit.loadState().equals("masked") || unit.unitFileState().startsWith("masked")) {
            String how = unit.unitFileState().equals("masked-runtime") ? "unmask --runtime " : "unmask ";
            left.add(new Left(id, "it is masked, which is an administrator's decision", "sudo systemctl " + how + id));
            return;
        }
        if (unit.loadState().equals("not-found")) {
            String name = id.startsWith("valkey") ? "valkey-server" : "redis-server";
            left.add(new Left(id, "it is not installed", "sudo apt install " + name));
            return;
        }
        if (!unit.loadState().equals("loaded")) {
            left.add(new Left(id, "systemd cannot load it (" + unit.loadState() + ")", "systemd-analyze verify " + id));
            return;
        }
        if (unit.unitFileState().equals("disabled")
                && unit.wantedBy().stream().noneMatch(wanting -> wanting.endsWith(".target"))) {
            if (asked) {
                actions.add(new Action.Enable(id));
            } else {
                left.add(new Left(id, "it is disabled, and nobody asked to enable it", "sudo systemctl enable " + id));
            }
        }
        if (unit.activeState().equals("failed") && !asked && isStopped(unit)) {
            left.add(new Left(
                    id,
                    "it was stopped, which ended with result " + unit.result()
                            + " and is respected until the next boot",
                    "sudo systemctl start " + id));
        } else if (unit.activeState().equals("failed")) {
            actions.add(new Action.Start(id, unit.result()));
        } else if (unit.activeState().equals("inactive")) {
            if (asked) {
                actions.add(new Action.Start(id, ""));
            } else {
                String reason = unit.activeEnteredMicros() > 0
                        ? "it was stopped, which is respected until the next boot"
                        : "it was not started since the boot";
                left.add(new Left(id, reason, "sudo systemctl start " + id));
            }
        }
    }

    /** What systemd restarts by itself in any case has not crashed: its stop was asked for, and did not go well. */
    private static boolean isStopped(UnitState unit) {
        return unit.restart().equals("always") && !unit.result().equals("start-limit-hit");
    }

    private static void order(SiteUnits site, Map<String, String> redisUnits, List<Action> actions, List<Left> left) {
        if (site.units().size() > MOST_UNITS) {
            left.add(new Left(
                    "order",
                    "its rules name " + site.units().size() + " units, more than " + MOST_UNITS + ": none was touched",
                    "sudoedit /etc/redis-warden/redis-warden.toml"));
            return;
        }
        Map<String, DropIn> files = new LinkedHashMap<>();
        site.dropIns().forEach(file -> files.put(file.unit(), file));
        for (SiteUnit unit : site.units()) {
            Optional<DropIn> file = Optional.ofNullable(files.remove(unit.name()));
            String redisUnit = redisUnits.get(unit.rule().instance());
            // A unit of another Redis than those watched, or one that could not be read: what is there stays.
            if (redisUnit != null && !unit.name().equals(redisUnit)) {
                Optional<WayBack> wayBack = Optional.ofNullable(site.waysBack().get(unit.name()));
                order(unit, redisUnit, file, wayBack, actions, left);
            }
        }
        files.values().stream()
                .filter(DropIn::ours)
                .forEach(file -> actions.add(new Action.RemoveDropIn(file.unit(), file.path(), file.text())));
    }

    private static void order(
            SiteUnit unit,
            String redisUnit,
            Optional<DropIn> file,
            Optional<WayBack> wayBack,
            List<Action> actions,
            List<Left> left) {
        String content = DropInText.of(unit.rule(), redisUnit);
        String path = DropInText.path(unit.name());
        if (!NAME.matcher(unit.name()).matches()) {
            left.add(new Left(unit.name(), "that is no unit's name", "systemctl list-units"));
            return;
        }
        boolean another = file.isPresent() && !file.get().ours();
        if (another) {
            left.add(new Left(unit.name(), path + " is an administrator's own, and stays", "ls -l " + path));
        } else if (file.isPresent()
                ? !file.get().text().equals(content) || !unit.dropInPaths().contains(path)
                : !unit.isOrdered(redisUnit)) {
            if (!isLoadable(unit)) {
                left.add(new Left(
                        unit.name(),
                        "systemd does not load it (" + unit.loadState() + ")",
                        "systemctl status " + unit.name()));
                return;
            }
            if (wayBack.isPresent()) {
                left.add(new Left(
                        unit.name(),
                        redisUnit + " starts after it (" + wayBack.get() + "): After=" + redisUnit
                                + " would make a cycle, out of which systemd leaves one at a boot",
                        wayBack.get().remedy()));
                return;
            }
            actions.add(new Action.WriteDropIn(
                    unit.name(), path, file.map(DropIn::text).orElse(""), content));
        }
    }

    private static boolean isLoadable(SiteUnit unit) {
        return unit.loadState().equals("loaded");
    }
}
