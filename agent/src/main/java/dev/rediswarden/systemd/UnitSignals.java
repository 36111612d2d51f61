package dev.rediswarden.systemd;

import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;

/** Which of systemd's signals say that a unit may have changed (org.freedesktop.systemd1(5), "Signals"). */
final class UnitSignals {

    private static final String FROM_SYSTEMD = "type='signal',sender='org.freedesktop.systemd1',";

    private UnitSignals() {}

    /** Rules narrow enough that the bus wakes this process for no other unit's sake. */
    static String[] rules(UnitRow unit) {
        String manager = FROM_SYSTEMD + "path='" + Systemd.PATH + "',interface='" + Systemd.MANAGER + "',member=";
        return new String[] {
            FROM_SYSTEMD
                    + "path='" + unit.path()
                    + "',interface='org.freedesktop.DBus.Properties',member='PropertiesChanged'",
            manager + "'JobRemoved',arg2='" + unit.id() + "'",
            manager + "'UnitFilesChanged'",
            manager + "'Reloading'",
        };
    }

    /** Whether the signal is a reason to read the unit again; {@code owner} is systemd's unique name. */
    static boolean concern(DBusSignal signal, UnitRow unit, String owner) {
        String member = signal.getName();
        // Any local user may send a signal straight to this connection, past all rules; the sender is the bus' word.
        if (member.equals("NameOwnerChanged")) {
            return "org.freedesktop.DBus".equals(signal.getSource());
        }
        if (!owner.equals(signal.getSource())) {
            return false;
        }
        return switch (member) {
            case "PropertiesChanged" -> unit.path().equals(signal.getPath());
            case "JobRemoved" -> unit.id().equals(argument(signal, 2));
            default -> isOfFiles(signal);
        };
    }

    /** Whether unit files have changed, of whatever unit. */
    static boolean isOfFiles(DBusSignal signal) {
        return switch (signal.getName()) {
            case "UnitFilesChanged" -> true;
            // At its beginning systemd has no time for questions; what is new is there at its end.
            case "Reloading" -> Boolean.FALSE.equals(argument(signal, 0));
            default -> false;
        };
    }

    private static Object argument(DBusSignal signal, int index) {
        try {
            Object[] arguments = signal.getParameters();
            return arguments != null && index < arguments.length ? arguments[index] : "";
        } catch (DBusException | RuntimeException e) {
            return "";
        }
    }
}
