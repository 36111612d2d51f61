package dev.rediswarden.systemd;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/** systemd's names on the bus, and how its manager and units are asked (org.freedesktop.systemd1(5)). */
final class Systemd {

    static final String NAME = "org.freedesktop.systemd1";
    static final String PATH = "/org/freedesktop/systemd1";
    static final String MANAGER = "org.freedesktop.systemd1.Manager";

    private Systemd() {}

    static Call manager(String member) {
        return Call.of(NAME, PATH, MANAGER, member);
    }

    static Call manager(String member, String signature, Object argument) {
        return new Call(NAME, PATH, MANAGER, member, signature, List.of(argument));
    }

    static Call ofUnit(String path, String property) {
        return Call.property(NAME, path, "org.freedesktop.systemd1.Unit", property);
    }

    static Call ofService(String path, String property) {
        return Call.property(NAME, path, "org.freedesktop.systemd1.Service", property);
    }

    /** Every property of a unit, which systemd loads for the question. */
    static Call allOfUnit(String path) {
        return new Call(
                NAME, path, "org.freedesktop.DBus.Properties", "GetAll", "s", List.of("org.freedesktop.systemd1.Unit"));
    }

    /** A unit's object: {@code redis_2dserver_2eservice} under the manager's (sd_bus_path_encode(3)). */
    static String pathOf(String unit) {
        StringBuilder path = new StringBuilder(PATH + "/unit/");
        for (byte b : unit.getBytes(StandardCharsets.UTF_8)) {
            boolean first = path.charAt(path.length() - 1) == '/';
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9' && !first);
            if (plain) {
                path.append((char) b);
            } else {
                path.append('_').append(HexFormat.of().toHexDigits(b));
            }
        }
        return path.toString();
    }
}
