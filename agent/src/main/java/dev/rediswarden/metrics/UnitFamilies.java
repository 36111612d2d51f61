package dev.rediswarden.metrics;

import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.Reading;
import io.prometheus.metrics.model.snapshots.Labels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * {@code systemd_unit_state} as systemd_exporter has it (https://github.com/prometheus-community/systemd_exporter), of
 * Redis's units and of those that need Redis.
 */
final class UnitFamilies {

    private static final List<String> STATES = List.of("active", "activating", "deactivating", "inactive", "failed");

    private UnitFamilies() {}

    static void add(Samples samples, Report report) {
        if (!report.isCurrent()) {
            return;
        }
        Map<String, String> states = new TreeMap<>();
        report.snapshot()
                .siteUnits()
                .optional()
                .ifPresent(found -> found.units().forEach(unit -> states.put(unit.name(), unit.activeState())));
        report.snapshot()
                .instances()
                .forEach(instance -> instance.unit()
                        .flatMap(Reading::optional)
                        .ifPresent(unit -> states.put(unit.id(), unit.activeState())));
        // A template is no unit that has a state.
        states.forEach((name, active) -> {
            if (!name.contains("@.")) {
                STATES.forEach(state -> sample(samples, name, state, active));
            }
        });
    }

    private static void sample(Samples samples, String name, String state, String active) {
        samples.gauge(
                "systemd_unit_state",
                "A unit's state: 1 for the current one, 0 for the others",
                Labels.of("name", name, "state", state, "type", name.substring(name.lastIndexOf('.') + 1)),
                state.equals(active) ? 1 : 0);
    }
}
