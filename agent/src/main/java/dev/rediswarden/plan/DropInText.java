package dev.rediswarden.plan;

import dev.rediswarden.snapshot.OrderRule;

/** The drop-in that orders a unit, as a person would write it. */
public final class DropInText {

    /** Under systemd's directories for an administrator's files (systemd.unit(5)). */
    public static final String DIRECTORY = "/etc/systemd/system";

    public static final String FILE = "50-redis-warden.conf";

    /** The first line of each: what does not begin so is not ours. */
    public static final String MARK = "# Written by redis-warden(1)";

    private DropInText() {}

    /** Where the drop-in of a unit is. */
    public static String path(String unit) {
        return DIRECTORY + "/" + unit + ".d/" + FILE;
    }

    static String of(OrderRule rule, String redisUnit) {
        StringBuilder text = new StringBuilder()
                .append(MARK)
                .append(", as a rule of redis-warden.toml(5) is for this unit.\n")
                .append("# An edit is overwritten. To turn it off: set order = [] or other rules there, and reload\n")
                .append("# redis-warden; or, for this unit alone: ln -sf /dev/null in place of this file.\n")
                .append("[Unit]\n");
        if (rule.after()) {
            text.append("After=").append(redisUnit).append('\n');
        }
        if (rule.wants()) {
            text.append("Wants=").append(redisUnit).append('\n');
        }
        return text.toString();
    }
}
