package dev.rediswarden.snapshot;

import java.util.List;
import java.util.Map;

/**
 * The site's units that rules are for, and the drop-ins by which they were ordered.
 *
 * @param waysBack by unit that lacks its After=: the way by which Redis starts after it, which that would make a cycle
 */
public record SiteUnits(List<SiteUnit> units, List<DropIn> dropIns, Map<String, WayBack> waysBack) {

    public SiteUnits {
        units = List.copyOf(units);
        dropIns = List.copyOf(dropIns);
        waysBack = Map.copyOf(waysBack);
    }

    public SiteUnits(List<SiteUnit> units, List<DropIn> dropIns) {
        this(units, dropIns, Map.of());
    }
}
