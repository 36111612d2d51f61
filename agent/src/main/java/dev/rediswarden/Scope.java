package dev.rediswarden;

/** What a run is about. */
enum Scope {
    UNITS,
    SETTINGS,
    ALL;

    boolean hasUnits() {
        return this != SETTINGS;
    }

    boolean hasSettings() {
        return this != UNITS;
    }
}
