package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.UnitState;
import dev.rediswarden.snapshot.WayBack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The units of the site that need Redis start after it and pull it in, by what systemd has loaded. */
record OrderingCheck() implements Check {

    /** How many units a line names before it only counts them. */
    private static final int NAMED = 3;

    /** Below a package's directory: {@code celery.service}, {@code celery.service.d/order.conf}. */
    private static final Pattern VENDOR = Pattern.compile("(/usr)?/lib/systemd/system/(?<name>.+)");

    private static final String ADMINISTRATOR = "/etc/systemd/system/";

    @Override
    public String name() {
        return "ordering";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        if (instance.unit().isEmpty()) {
            return Verdict.off("no unit is configured for this instance");
        }
        if (instance.unit().get() instanceof Reading.Unknown<UnitState> unknown) {
            return Verdict.of(notKnown(unknown.detail()));
        }
        Stewardship steward = snapshot.stewardship().optional().orElse(Stewardship.NONE);
        return snapshot.siteUnits()
                .fold(site -> judge(site, instance, steward), unknown -> Verdict.of(notKnown(unknown.detail())));
    }

    private static Finding notKnown(String why) {
        return Finding.unknown(
                why,
                "whether the site's units start after Redis is not known",
                "systemctl status dbus.service; sudo journalctl -u redis-warden.service -n 50");
    }

    private static Verdict judge(SiteUnits site, InstanceState instance, Stewardship steward) {
        String redis = instance.unitName();
        Set<String> written = new HashSet<>();
        Set<String> refused = new HashSet<>();
        site.dropIns().forEach(file -> (file.ours() ? written : refused).add(file.unit()));
        List<SiteUnit> units = site.units().stream()
                .filter(unit -> unit.rule().instance().equals(instance.name()))
                .filter(unit ->
                        unit.loadState().equals("loaded") && !unit.name().equals(redis))
                // An administrator's own file in place of ours turns the order off for that unit.
                .filter(unit -> !refused.contains(unit.name()))
                .toList();
        List<Finding> findings = new ArrayList<>();
        List<SiteUnit> unordered = new ArrayList<>(units);
        unordered.removeIf(unit -> unit.isOrdered(redis));
        for (SiteUnit unit : List.copyOf(unordered)) {
            WayBack way = site.waysBack().get(unit.name());
            if (way != null) {
                findings.add(looping(unit, redis, way));
                unordered.remove(unit);
            }
        }
        List<SiteUnit> lost = unordered.stream()
                .filter(unit -> written.contains(unit.name()) && unit.needDaemonReload())
                .toList();
        if (!lost.isEmpty()) {
            findings.add(Finding.degraded(
                    names(lost) + " changed on disk (NeedDaemonReload)",
                    "systemd does not know of its order after Redis",
                    "sudo systemctl daemon-reload"));
        }
        List<SiteUnit> missing =
                unordered.stream().filter(unit -> !lost.contains(unit)).toList();
        if (!missing.isEmpty()) {
            findings.add(lacking(missing, redis, steward));
        }
        written.stream()
                .filter(unit -> steward.failed().containsKey(unit)
                        && site.units().stream().noneMatch(of -> of.name().equals(unit)))
                .forEach(unit -> findings.add(staying(unit, steward)));
        units.stream()
                .filter(unit -> unit.requires().contains(redis))
                .forEach(unit -> findings.add(requiring(unit, redis)));
        return Verdict.of(
                findings,
                units.isEmpty()
                        ? "no unit of the site matches a rule"
                        : units.size()
                                + (units.size() == 1 ? " unit knows that it needs " : " units know that they need ")
                                + redis);
    }

    private static Finding looping(SiteUnit unit, String redis, WayBack way) {
        return Finding.degraded(
                unit.name() + " lacks " + lacking(unit, redis) + ", which would make a cycle: " + way,
                "it starts before Redis, and redis-warden leaves it so",
                way.remedy());
    }

    private static Finding lacking(List<SiteUnit> units, String redis, Stewardship steward) {
        Optional<SiteUnit> troubled = units.stream()
                .filter(unit -> steward.trouble(unit.name()).isPresent())
                .findFirst();
        String why = troubled.flatMap(unit -> steward.trouble(unit.name()))
                .map("; "::concat)
                .orElse("");
        String look = troubled.map(unit -> "systemd-analyze verify " + Commands.word(unit.name()) + "; ")
                .orElse("");
        return Finding.degraded(
                units.stream()
                                .limit(NAMED)
                                .map(unit -> unit.name() + " lacks " + lacking(unit, redis))
                                .collect(Collectors.joining(", "))
                        + (units.size() > NAMED ? " and " + (units.size() - NAMED) + " more lack theirs" : "")
                        + " in what systemd has loaded" + why,
                "at a boot it may start without Redis",
                look + "sudo redis-warden apply --units");
    }

    private static Finding staying(String unit, Stewardship steward) {
        return Finding.degraded(
                unit + " has a drop-in of a rule that is gone; "
                        + steward.trouble(unit).orElse(""),
                "it waits for a Redis that it need not know",
                "sudo redis-warden apply --units");
    }

    private static String lacking(SiteUnit unit, String redis) {
        List<String> lines = new ArrayList<>();
        if (unit.rule().after() && !unit.after().contains(redis)) {
            lines.add("After=" + redis);
        }
        if (unit.rule().wants()
                && !unit.wants().contains(redis)
                && !unit.requires().contains(redis)) {
            lines.add("Wants=" + redis);
        }
        return String.join(" and ", lines);
    }

    private static Finding requiring(SiteUnit unit, String redis) {
        StringBuilder copies = new StringBuilder();
        List<String> files = new ArrayList<>();
        if (!unit.fragmentPath().isEmpty()) {
            files.add(own(unit.fragmentPath(), copies));
        }
        unit.dropInPaths().forEach(path -> files.add(own(path, copies)));
        return Finding.degraded(
                unit.name() + " requires " + redis + " (Requires=, Requisite= or BindsTo=)",
                "it stops whenever Redis stops, and does not come back with it; Wants= does not do that",
                copies + "sudo sed -i -E 's/^(Requires|Requisite|BindsTo)=(.*(redis|valkey))/Wants=\\2/' "
                        + String.join(" ", files) + " && sudo systemctl daemon-reload");
    }

    /**
     * The file to edit, as a word: a package's is copied first to where an administrator's counts instead of it, since
     * the next upgrade would overwrite an edit (systemd.unit(5)). A copy that is there already stays.
     */
    private static String own(String path, StringBuilder copies) {
        Matcher vendor = VENDOR.matcher(path);
        if (!vendor.matches()) {
            return Commands.word(path);
        }
        String name = vendor.group("name");
        int slash = name.indexOf('/');
        if (slash > 0) {
            copies.append("sudo mkdir -p ")
                    .append(Commands.word(ADMINISTRATOR + name.substring(0, slash)))
                    .append("; ");
        }
        String copy = Commands.word(ADMINISTRATOR + name);
        copies.append("sudo cp -n ")
                .append(Commands.word(path))
                .append(' ')
                .append(copy)
                .append("; ");
        return copy;
    }

    private static String names(List<SiteUnit> units) {
        String first = String.join(
                ", ", units.stream().limit(NAMED).map(SiteUnit::name).toList());
        return units.size() > NAMED ? first + " and " + (units.size() - NAMED) + " more" : first;
    }
}
