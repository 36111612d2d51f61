package dev.rediswarden.page;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.UnitState;
import java.util.List;

/** The units and their order as a picture: Redis first, then what starts after it. */
final class StackSection {

    private StackSection() {}

    static void write(Html html, Report report) {
        html.open("section", "class", "stack", "aria-labelledby", "stack")
                .element("h2", "Units and their order", "id", "stack")
                .open("ol", "class", "units");
        html.open("li").open("ul", "aria-label", "Redis");
        for (InstanceState instance : report.snapshot().instances()) {
            redis(html, instance);
        }
        html.close("ul").closeLine("li");
        report.snapshot()
                .siteUnits()
                .fold(
                        units -> after(html, units, report.snapshot().instances()),
                        unknown -> note(html, "which units need Redis is not known: " + unknown.detail()));
        html.close("ol").closeLine("section");
    }

    private static void redis(Html html, InstanceState instance) {
        if (instance.unit().isEmpty()) {
            box(html, instance.name(), "no unit of this host", "");
            return;
        }
        Reading<UnitState> reading = instance.unit().get();
        reading.fold(
                unit -> box(
                        html,
                        unit.id(),
                        unit.activeState() + ", " + unit.subState(),
                        unit.unitFileState().isEmpty() ? "" : unit.unitFileState() + " at boot"),
                unknown -> box(html, instance.unitName(), "unknown", unknown.detail()));
    }

    private static boolean after(Html html, SiteUnits units, List<InstanceState> instances) {
        if (units.units().isEmpty()) {
            return note(html, "no other unit is known to need Redis");
        }
        html.open("li").open("ul", "aria-label", "Started after Redis");
        for (SiteUnit unit : units.units()) {
            boolean ordered = instances.stream().anyMatch(instance -> unit.isOrdered(instance.unitName()));
            box(
                    html,
                    unit.name(),
                    unit.activeState().isEmpty() ? unit.loadState() : unit.activeState(),
                    ordered ? "ordered" : "not ordered after Redis");
        }
        html.close("ul").closeLine("li");
        return true;
    }

    private static boolean box(Html html, String unit, String state, String more) {
        String word = state.split(",", 2)[0];
        html.open("li", "class", "unit " + (word.matches("[a-z]+") ? word : "unknown"))
                .element("strong", unit)
                .element("span", state, "class", "state");
        if (!more.isEmpty()) {
            html.element("span", more, "class", "more");
        }
        html.closeLine("li");
        return true;
    }

    private static boolean note(Html html, String text) {
        html.element("li", text, "class", "note");
        return true;
    }
}
