package dev.rediswarden.lab;

import java.time.Duration;

/** What the journal of a lab says from one moment on. */
record Journal(Lab lab, String since) {

    /** redis-warden's ids, as {@code redis-warden.catalog} has them. */
    static final String STARTED = "f5230e6e29c14efdbd4e34058e094864";

    static final String GAVE_UP = "ccbd7317792945939f3c77d83180d84a";

    static final String ENFORCED = "6c204da78ada456685411e12da33ab5a";

    static final String CONTESTED = "ab4bc193a2b74b1b8b527c18df4a5243";

    static Journal from(Lab lab) {
        return new Journal(lab, lab.shell("date '+%F %T.%6N'").ok());
    }

    /** The messages that match, one a line. */
    String messages(String matches) {
        return lab.shell("journalctl --sync; journalctl -q --no-pager -o cat " + since(matches))
                .ok();
    }

    /** The same with the catalog's explanations. */
    String explained(String matches) {
        return lab.shell("journalctl -q -x --no-pager " + since(matches)).ok();
    }

    void awaitMessage(Duration limit, String matches) {
        lab.await(matches + " in the journal", limit, "journalctl -q -n 1 " + since(matches) + " | grep -q .");
    }

    private String since(String matches) {
        return "--since '" + since + "' " + matches;
    }

    /** How often systemd has read all unit files anew. */
    long reloads() {
        return messages("_PID=1")
                .lines()
                .filter(line -> line.matches("Reloading\\.+"))
                .count();
    }

    /** What was done to Redis, or was tried. */
    String actions() {
        return messages("-t redis-warden REDIS_WARDEN_UNIT=" + Site.REDIS);
    }
}
