package dev.rediswarden.snapshot;

import dev.rediswarden.snapshot.Site.Weight;
import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import dev.rediswarden.snapshot.SiteAnswer.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A site where all is well, and the same with one thing changed. */
public record GivenSite(Site site, Reading<SiteAnswer> answer, Reading<Backup> backup) {

    public static final Instant NOW = Given.NOW;

    public static final Certificate CERTIFICATE =
            new Certificate(NOW.minus(Duration.ofDays(30)), NOW.plus(Duration.ofDays(60)), true, "acme.example.com");

    public static final Backup BACKUP = new Backup(
            Optional.of(NOW.minus(Duration.ofHours(3))),
            "/srv/sum/acme/backups/one",
            OptionalLong.of(3 << 20),
            Optional.of(NOW.minus(Duration.ofDays(2))),
            "/srv/sum/acme/backups/zero",
            Optional.empty(),
            "");

    public static GivenSite healthy() {
        return new GivenSite(
                site(
                        new Site.Tls("acme.example.com", new InetSocketAddress(InetAddress.getLoopbackAddress(), 443)),
                        Weight.WARNING),
                Reading.known(answer(200, "ok")),
                Reading.known(BACKUP));
    }

    /** The same past the web server. */
    public GivenSite atSocket() {
        Site there = site(new Site.Unix("/run/sum-acme-gunicorn.sock", "localhost"), site.weight());
        return new GivenSite(there, answer.map(GivenSite::withoutCertificate), backup);
    }

    private static SiteAnswer withoutCertificate(SiteAnswer given) {
        return new SiteAnswer(
                given.outcome(),
                given.code(),
                given.said(),
                given.word(),
                given.parts(),
                given.latency(),
                Optional.empty());
    }

    public static Site site(Site.Door door, Weight weight) {
        return new Site(
                "acme",
                "/etc/redis-warden/conf.d/sum-acme.toml",
                door,
                "/health/",
                Duration.ofSeconds(5),
                weight,
                "/var/lib/sum/acme/backup",
                Optional.of(Duration.ofHours(26)));
    }

    public static SiteAnswer answer(int code, String word, String... parts) {
        return new SiteAnswer(
                Outcome.ANSWERED,
                code,
                "",
                word.isEmpty() ? Optional.empty() : Optional.of(word),
                List.of(parts),
                Duration.ofMillis(12),
                Optional.of(CERTIFICATE));
    }

    public static SiteAnswer none(Outcome outcome, String said) {
        return new SiteAnswer(outcome, 0, said, Optional.empty(), List.of(), Duration.ofMillis(1), Optional.empty());
    }

    public GivenSite with(SiteAnswer given) {
        return withAnswer(Reading.known(given));
    }

    public GivenSite withAnswer(Reading<SiteAnswer> given) {
        return new GivenSite(site, given, backup);
    }

    public GivenSite with(Certificate given) {
        return with(new SiteAnswer(
                Outcome.ANSWERED, 200, "", Optional.of("ok"), List.of(), Duration.ofMillis(12), Optional.of(given)));
    }

    public GivenSite withBackup(Reading<Backup> given) {
        return new GivenSite(site, answer, given);
    }

    public GivenSite with(Backup given) {
        return withBackup(Reading.known(given));
    }

    public GivenSite with(Weight weight) {
        return new GivenSite(site(site.door(), weight), answer, backup);
    }

    /** Nobody asks for its backups. */
    public GivenSite withoutBackups() {
        Site other = new Site(
                site.name(),
                site.file(),
                site.door(),
                site.path(),
                site.timeout(),
                site.weight(),
                site.backupFile(),
                Optional.empty());
        return new GivenSite(other, answer, backup);
    }

    public SiteState state() {
        return new SiteState(site, answer, backup);
    }

    /** Beside a Redis where all is well. */
    public Snapshot snapshot() {
        return beside(Given.healthy().snapshot("main"));
    }

    public Snapshot beside(Snapshot other) {
        return new Snapshot(
                other.takenAt(),
                other.kernel(),
                other.boot(),
                other.listeners(),
                other.siteUnits(),
                other.stewardship(),
                other.instances(),
                List.of(state()),
                other.configuration());
    }
}
