package dev.rediswarden.check;

import dev.rediswarden.snapshot.Site;

/** The commands of remedies for a site; its name is of letters, digits and dashes alone. */
record SiteCommands(Site site) {

    String gunicorn() {
        return "sum-" + site.name() + "-gunicorn.service";
    }

    /** What the site itself says of its trouble. */
    String journal() {
        return "sudo journalctl -u sum-" + site.name() + "-gunicorn -n 50";
    }

    /** Starts it, and shows why it does not run where that fails. */
    String start() {
        return "sudo systemctl start sum-" + site.name() + "-gunicorn.socket " + gunicorn() + "; sudo systemctl status "
                + gunicorn();
    }

    String restart() {
        return "sudo systemctl status " + gunicorn() + "; sudo systemctl restart " + gunicorn();
    }

    static String caddy(String verb) {
        return "sudo systemctl " + verb + " caddy.service; sudo journalctl -u caddy -n 50";
    }

    /** What to write there stands behind it as a comment. */
    String configure(String what) {
        return "sudoedit " + Commands.word(site.file()) + " && sudo systemctl reload redis-warden.service # " + what;
    }

    String backUp() {
        return "sudo systemctl start sum-" + site.name() + "-backup.service";
    }

    String drill() {
        return "sudo /usr/share/redis-warden/scripts/restore.sh --site-slug " + site.name() + " --drill";
    }
}
