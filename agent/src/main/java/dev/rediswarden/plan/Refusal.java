package dev.rediswarden.plan;

import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.Snapshot;

/**
 * A drop-in that was written, was not in what systemd had loaded then, and was taken back: to write the same again would
 * only make systemd read all its files once more.
 *
 * @param wanted the rule, and what the drop-in was to say by it
 */
public record Refusal(String unit, String wanted) {

    /** That an action on a drop-in had no effect. */
    public static Refusal of(Action action, Snapshot snapshot) {
        String rule = snapshot.siteUnits().optional().stream()
                .flatMap(site -> site.units().stream())
                .filter(unit -> unit.name().equals(action.unit()))
                .map(SiteUnit::rule)
                .map(String::valueOf)
                .findFirst()
                .orElse("no rule");
        String content = action instanceof Action.WriteDropIn write ? write.content() : "";
        return new Refusal(action.unit(), rule + "\n" + content);
    }

    /** Whether the host still has such a unit, or a drop-in for one; so where that is not known. */
    boolean isOf(Snapshot snapshot) {
        return snapshot.siteUnits()
                .fold(
                        site -> site.units().stream()
                                        .anyMatch(other -> other.name().equals(unit))
                                || site.dropIns().stream()
                                        .anyMatch(file -> file.unit().equals(unit)),
                        unknown -> true);
    }
}
