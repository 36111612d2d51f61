package dev.rediswarden.snapshot;

import java.util.List;

/**
 * A unit that a rule is for, as systemd has it loaded; names are real ones, aliases resolved.
 *
 * @param name where its drop-ins belong: {@code celery@.service} for a template and its instances
 * @param rule the first that names it
 * @param fragmentPath its file; empty where it has none
 * @param loadState loaded, masked, bad-setting, error, …
 * @param activeState active, inactive, failed, …
 * @param after what it starts after
 * @param wants what its start pulls in
 * @param requires what it stops with (Requires, Requisite and BindsTo)
 * @param dropInPaths the drop-ins that it was loaded with
 * @param needDaemonReload whether its files have changed since
 */
public record SiteUnit(
        String name,
        OrderRule rule,
        String fragmentPath,
        String loadState,
        String activeState,
        List<String> after,
        List<String> wants,
        List<String> requires,
        List<String> dropInPaths,
        boolean needDaemonReload) {

    public SiteUnit {
        after = List.copyOf(after);
        wants = List.copyOf(wants);
        requires = List.copyOf(requires);
        dropInPaths = List.copyOf(dropInPaths);
    }

    /** Ordered as its rule wants it, by whoever: by its own file, by a drop-in, by what it requires. */
    public boolean isOrdered(String redisUnit) {
        boolean pulled = wants.contains(redisUnit) || requires.contains(redisUnit);
        return (!rule.after() || after.contains(redisUnit)) && (!rule.wants() || pulled);
    }
}
