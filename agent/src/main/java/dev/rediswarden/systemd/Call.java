package dev.rediswarden.systemd;

import java.util.List;

/**
 * A method call as it goes over the wire; arguments are strings or lists of strings.
 *
 * @param signature the arguments' types (D-Bus specification, "Type system"); empty for none
 */
record Call(
        String destination,
        String path,
        String interfaceName,
        String member,
        String signature,
        List<Object> arguments) {

    static Call of(String destination, String path, String interfaceName, String member) {
        return new Call(destination, path, interfaceName, member, "", List.of());
    }

    /** Asks the bus to deliver the signals that {@code rule} describes (D-Bus specification, "Match rules"). */
    static Call addMatch(String rule) {
        return new Call(
                "org.freedesktop.DBus",
                "/org/freedesktop/DBus",
                "org.freedesktop.DBus",
                "AddMatch",
                "s",
                List.of(rule));
    }

    static Call property(String destination, String path, String interfaceName, String property) {
        return new Call(
                destination, path, "org.freedesktop.DBus.Properties", "Get", "ss", List.of(interfaceName, property));
    }
}
