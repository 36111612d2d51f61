package dev.rediswarden.systemd;

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
}
