package dev.rediswarden.check;

import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The web server's certificate: whether a browser takes it today, and still will in three days. */
final class SiteCertificate {

    /** Caddy renews a certificate when a third of its life is left: for one of 90 days, 27 days before it has come to this. */
    private static final Duration LATE = Duration.ofDays(3);

    /** What lives for less than this is renewed within hours, as those of Caddy's own authority. */
    private static final Duration SHORT_LIVED = Duration.ofDays(10);

    /** Of a short life, what must be left: Caddy renews it with a third to go. */
    private static final int LEFT = 6;

    private SiteCertificate() {}

    static Optional<Finding> finding(Site site, Certificate given, Instant now) {
        String whose = "the certificate for " + site.door().host();
        String caddy = "sudo journalctl -u caddy --grep certificate -n 50; sudo systemctl reload caddy.service";
        if (!given.named()) {
            return Optional.of(Finding.unhealthy(
                    whose + " is for " + (given.names().isEmpty() ? "no domain" : given.names()),
                    "every browser warns of the site",
                    caddy));
        }
        if (!now.isBefore(given.notAfter())) {
            return Optional.of(Finding.unhealthy(
                    whose + " has ended at " + given.notAfter(), "every browser warns of the site", caddy));
        }
        if (now.isBefore(given.notBefore())) {
            return Optional.of(Finding.unhealthy(
                    whose + " begins at " + given.notBefore(),
                    "every browser warns of the site",
                    "timedatectl; " + caddy));
        }
        return isLate(given, now)
                ? Optional.of(Finding.degraded(
                        whose + " ends at " + given.notAfter() + ", and Caddy has failed to renew it",
                        "then every browser warns of the site",
                        caddy))
                : Optional.empty();
    }

    private static boolean isLate(Certificate given, Instant now) {
        Duration life = Duration.between(given.notBefore(), given.notAfter());
        Duration left = Duration.between(now, given.notAfter());
        Duration least = life.compareTo(SHORT_LIVED) < 0 ? life.dividedBy(LEFT) : LATE;
        return left.compareTo(least) < 0;
    }
}
