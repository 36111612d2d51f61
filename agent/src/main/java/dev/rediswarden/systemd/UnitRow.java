package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.DBusPath;

/**
 * What systemd says of a unit in the cheapest answer there is (ListUnitsByNames): small where GetAll has a hundred
 * properties and has PID 1 read cgroups, and made for aliases and for names that nothing is known of as well.
 *
 * @param id the unit's real name, whatever alias was asked for
 * @param path the unit's D-Bus object
 */
record UnitRow(String id, String loadState, String activeState, String subState, String path) {

    static Call question(List<String> names) {
        return Systemd.manager("ListUnitsByNames", "as", names);
    }

    /** The units in the order of the names, at least one. */
    static List<UnitRow> of(Answer answer) throws BusException {
        List<UnitRow> rows = all(answer);
        if (rows.isEmpty()) {
            throw new BusException(Cause.FAILED, "systemd takes none of these names for a unit's");
        }
        return rows;
    }

    /** The units of any of the manager's lists; there may be none. */
    static List<UnitRow> all(Answer answer) throws BusException {
        List<UnitRow> rows = new ArrayList<>();
        for (Object row : answer.as(List.class)) {
            if (!(row instanceof Object[] fields) || fields.length < 7) {
                throw new BusException(Cause.FAILED, "ListUnitsByNames answered something else");
            }
            String path = fields[6] instanceof DBusPath object ? object.getPath() : String.valueOf(fields[6]);
            rows.add(new UnitRow(text(fields[0]), text(fields[2]), text(fields[3]), text(fields[4]), path));
        }
        return rows;
    }

    static List<UnitRow> read(Link link, List<String> names) throws BusException {
        return of(link.ask(List.of(question(names))).get(0));
    }

    boolean isKnown() {
        return !loadState.equals("not-found");
    }

    private static String text(Object field) {
        return String.valueOf(field);
    }
}
