package dev.rediswarden.systemd;

/**
 * What systemd says of a unit in one cheap answer (ListUnitsByNames).
 *
 * @param id the unit's real name, whatever alias was asked for
 * @param path the unit's D-Bus object
 */
record UnitRow(String id, String loadState, String activeState, String subState, String path) {

    boolean isKnown() {
        return !loadState.equals("not-found");
    }
}
