package dev.rediswarden.lab;

/** How tests ask for backups of the site in a lab, and what is looked at of them. */
record Backups(Lab lab) {

    static final String BACKUP = GoldenSite.SCRIPTS + "backup.sh --site-slug acme";
    static final String RESTORE = GoldenSite.SCRIPTS + "restore.sh --site-slug acme";
    static final String SURE = " --i-know-this-will-overwrite";
    static final String STATUS = "cat /var/lib/sum/acme/backup";
    static final String NEWEST = "sed -n 's/^directory=//p' /var/lib/sum/acme/backup";
    static final String PSQL = "runuser -u postgres -- psql -qAt ";
    static final String UNITS = "sum-acme-gunicorn.socket sum-acme-gunicorn sum-acme-celery";
    static final String STARTED = "systemctl show -P ActiveEnterTimestampMonotonic " + UNITS;
    static final String LEFTOVERS = "find /srv/sum/acme/backups /var/tmp /var/lib/sum/acme -maxdepth 1"
            + " \\( -name '.partial*' -o -name 'sum-acme-redis*' -o -name restoring -o -name 'backup.*' \\); " + PSQL
            + "-l | grep -o '^acme__[a-z_]*' || true";

    /** Runs that until the condition holds, and kills every process of it then. */
    void killedAt(String command, String condition) {
        endedAt("KILL", command, condition);
    }

    void endedAt(String signal, String command, String condition) {
        lab.shell("rm -rf /var/tmp/sum-acme-redis*; systemd-run -q --collect --unit=killed " + command + "; until "
                        + condition
                        + " >/dev/null 2>&1; do systemctl is-active -q killed; done; systemctl kill -s " + signal
                        + " killed || true;"
                        + " while systemctl is-active -q killed; do sleep .05; done")
                .ok();
    }
}
