package dev.rediswarden.snapshot;

import java.util.List;

/** The site's units that rules are for, and the drop-ins by which they were ordered. */
public record SiteUnits(List<SiteUnit> units, List<DropIn> dropIns) {

    public SiteUnits {
        units = List.copyOf(units);
        dropIns = List.copyOf(dropIns);
    }
}
