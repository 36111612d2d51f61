package dev.rediswarden.lab;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The site's own units in a lab, and what becomes of them. */
record Site(Lab lab) {

    static final String REDIS = "redis-server.service";

    private static final String ADMINISTRATOR = "/etc/systemd/system";

    /** The directories whose files a removal must leave as they were. */
    private static final String DIRECTORIES = "/etc/systemd /lib/systemd/system /usr/lib/systemd/system";

    /** Where a unit's drop-in is. */
    static String dropIn(String unit) {
        return ADMINISTRATOR + "/" + unit + ".d/50-redis-warden.conf";
    }

    /** A unit that knows of no other, as an administrator installs it; systemd knows it when this returns. */
    void add(String unit, String... lines) {
        addTo(ADMINISTRATOR, unit, lines);
    }

    void addTo(String directory, String unit, String... lines) {
        var text = "[Unit]\n" + String.join("\n", lines)
                + "\n[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n";
        write(directory + "/" + unit, text);
        lab.exec("systemctl", "daemon-reload").ok();
    }

    /** That many of them; their names. */
    List<String> addMany(int count) {
        lab.shell("for i in $(seq " + count
                        + "); do printf '[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' >"
                        + ADMINISTRATOR + "/celery-$i.service; done; systemctl daemon-reload")
                .ok();
        return IntStream.rangeClosed(1, count)
                .mapToObj("celery-%d.service"::formatted)
                .toList();
    }

    /** Takes units away, as their removal by an administrator would. */
    void remove(List<String> units) {
        lab.shell("rm -f "
                        + units.stream().map(unit -> ADMINISTRATOR + "/" + unit).collect(Collectors.joining(" "))
                        + "; systemctl daemon-reload")
                .ok();
    }

    /** Whole at once, as dpkg does it: somebody may be reading. */
    void write(String file, String text) {
        lab.exec(text, new String[] {"sh", "-ec", "mkdir -p \"${0%/*}\"; cat >\"$0.new\"; mv \"$0.new\" \"$0\"", file})
                .ok();
    }

    /** What systemd has loaded. */
    List<String> property(String unit, String property) {
        return List.of(lab.exec("systemctl", "show", "-P", property, unit).ok().split("\\s+"));
    }

    void awaitDropIn(String unit) {
        lab.await("a drop-in of " + unit, Duration.ofSeconds(5), "test -f " + dropIn(unit));
    }

    void awaitNoDropIn(String unit) {
        lab.await("no drop-in of " + unit, Duration.ofSeconds(5), "! test -e '" + ADMINISTRATOR + "/" + unit + ".d'");
    }

    /** Ours that are there. */
    List<String> dropIns() {
        return lab.shell("find /etc/systemd -name 50-redis-warden.conf")
                .ok()
                .lines()
                .toList();
    }

    /** Runs what the daemon calls for, to its end: what it has not done then, it does not do. */
    void hand() {
        lab.exec("systemctl", "start", "redis-warden-apply.service").ok();
    }

    /** Every file of systemd's directories: its mode, its owner, where it leads, what is in it. */
    String files() {
        return lab.shell("find " + DIRECTORIES + " -printf '%p %M %u:%g %l\\n' | sort;" + " find " + DIRECTORIES
                        + " -type f -exec sha256sum {} + | sort")
                .ok();
    }
}
