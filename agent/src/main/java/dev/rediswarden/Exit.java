package dev.rediswarden;

import dev.rediswarden.config.ConfigException;

/** Exit codes; those above 63 as sysexits.h names them. */
final class Exit {

    static final int OK = 0;
    static final int UNHEALTHY = 1;
    /** What was asked could not be found out. */
    static final int NOT_EVALUATED = 2;

    /** A plan has changes in it. */
    static final int CHANGES = 3;

    static final int USAGE = 64;

    /** A file that was named is not there, or is none. */
    static final int NO_INPUT = 66;

    static final int UNAVAILABLE = 69;
    /** A defect ended the cycle; systemd starts the daemon anew. */
    static final int SOFTWARE = 70;

    /** Somebody else is at it. */
    static final int TEMPORARY = 75;

    static final int NO_PERMISSION = 77;
    static final int CONFIG = 78;

    private Exit() {}

    static int of(ConfigException e) {
        return e.isDenied() ? NO_PERMISSION : CONFIG;
    }
}
