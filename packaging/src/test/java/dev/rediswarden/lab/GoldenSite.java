package dev.rediswarden.lab;

import java.nio.file.Path;

/**
 * A Debian on which the scripts of this checkout have provisioned and deployed the site {@code src/test/site}, from a
 * repository that it clones; {@code /srv/site} is where commits to that are made.
 */
final class GoldenSite implements AutoCloseable {

    static final String SCRIPTS = "/root/checkout/scripts/";
    static final String PROVISION = SCRIPTS + "provision_vps.sh --site-slug acme --deploy-user deploy"
            + " --domain acme.localhost --repo /srv/acme.git --deb /root/*.deb --install-packages"
            + " --system-site-packages --firewall";
    static final String DEPLOY = SCRIPTS + "deploy.sh --site-slug acme";
    /** Asks the site through Caddy; a path is to follow. */
    static final String SITE = "curl -sk --max-time 10 --resolve acme.localhost:443:127.0.0.1 https://acme.localhost";

    /** Of each unit of a site. */
    private static final String PRIORITY = "/usr/local/lib/systemd/system/sum-.service.d";

    final Lab lab;
    /** How both ended; neither is asserted here. */
    final Result provisioned;

    final Result deployed;

    private GoldenSite(Lab lab) {
        this.lab = lab;
        provisioned = lab.shell(PROVISION);
        deployed = lab.shell(DEPLOY);
    }

    static GoldenSite up() {
        return new GoldenSite(unprovisioned());
    }

    /** On another system than Debian 12. */
    static GoldenSite up(String suite) {
        return new GoldenSite(unprovisioned(suite));
    }

    /** With the package, this checkout and the site's repository on it, and nothing done with them. */
    static Lab unprovisioned() {
        return unprovisioned("site");
    }

    private static Lab unprovisioned(String suite) {
        var lab = Lab.up(suite);
        try {
            var top = Lab.scripts().resolveSibling("");
            for (var part : new String[] {"scripts", "systemd", "conf"}) {
                lab.put(top.resolve(part), "/root/checkout");
            }
            lab.put(InstalledLabs.deb(), "/root");
            lab.put(Path.of("src/test/site"), "/srv/");
            lab.put(Path.of("src/test/killed_at_each_step.sh"), "/root");
            // At the priority that backups have they would wait for whatever else this machine does.
            lab.shell("install -d " + PRIORITY + "; printf '[Service]\\nNice=0\\nCPUSchedulingPolicy=other\\n"
                            + "IOSchedulingClass=best-effort\\n' >" + PRIORITY + "/priority.conf;"
                            + " for command in renice ionice; do ln -s /bin/true /usr/local/bin/$command; done")
                    .ok();
            // A lab has no ssh server whose port the firewall could be seen to need.
            lab.shell("ufw allow 22/tcp").ok();
            // Other users clone it as well.
            lab.shell(
                            "git config --system safe.directory '*'; useradd -m deploy; cd /srv/site; git init -q -b main; git add -A; "
                                    + commit("one")
                                    + "; git clone -q --bare . /srv/acme.git; chown -R deploy: /srv/site /srv/acme.git")
                    .ok();
            return lab;
        } catch (AssertionError e) {
            lab.close(); // nobody else knows of it
            throw e;
        }
    }

    /** A line of shell, for {@code /srv/site}: commits all that is there, and pushes it. */
    static String publish(String message) {
        return "chown -R deploy: .; runuser -u deploy -- git add -A; runuser -u deploy -- " + commit(message)
                + "; runuser -u deploy -- git push -q /srv/acme.git main";
    }

    private static String commit(String message) {
        return "git -c user.name=site -c user.email=site@localhost commit -qm " + message;
    }

    @Override
    public void close() {
        lab.close();
    }
}
