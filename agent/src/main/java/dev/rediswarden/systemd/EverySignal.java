package dev.rediswarden.systemd;

import org.freedesktop.dbus.DBusMatchRule;
import org.freedesktop.dbus.messages.DBusSignal;

/**
 * The one rule by which the library hands over all signals that arrive. Which ones arrive is said to the bus by
 * {@link Link#matching}: the library's own rules know neither a sender's well-known name nor an argument.
 */
final class EverySignal extends DBusMatchRule {

    /** systemd came (back) to the bus, or left it. */
    private static final String SYSTEMD_OWNER_CHANGED =
            "type='signal',sender='org.freedesktop.DBus',path='/org/freedesktop/DBus',"
                    + "interface='org.freedesktop.DBus',member='NameOwnerChanged',arg0='org.freedesktop.systemd1'";

    EverySignal() {
        super("signal", "org.freedesktop.DBus", "NameOwnerChanged", "/org/freedesktop/DBus");
    }

    @Override
    public boolean matches(DBusSignal signal, boolean strict) {
        // The bus' greeting says nothing of the watched world.
        return !signal.getName().equals("NameAcquired");
    }

    /** What the library asks the bus for when this rule is added. */
    @Override
    public String toString() {
        return SYSTEMD_OWNER_CHANGED;
    }
}
