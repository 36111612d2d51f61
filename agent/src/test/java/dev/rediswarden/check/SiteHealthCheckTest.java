package dev.rediswarden.check;

import static dev.rediswarden.snapshot.GivenSite.CERTIFICATE;
import static dev.rediswarden.snapshot.GivenSite.NOW;
import static dev.rediswarden.snapshot.GivenSite.answer;
import static dev.rediswarden.snapshot.GivenSite.healthy;
import static dev.rediswarden.snapshot.GivenSite.none;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Site.Weight;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import dev.rediswarden.snapshot.SiteAnswer.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteHealthCheckTest {

    private record Row(String sentence, GivenSite given, Status status, String detail, String remedy) {

        @Override
        public String toString() {
            return sentence;
        }
    }

    /** Each of a site that its configuration calls critical: its own weight. */
    static List<Row> rows() {
        return List.of(
                row("it is well", healthy(), Status.OK, "https://acme.example.com/health/ answers 200 and \"ok\"", ""),
                row(
                        "it says nothing in JSON",
                        healthy().with(answer(200, "")),
                        Status.OK,
                        "answers 200 in 12.0 ms",
                        ""),
                row("it has nothing to say", healthy().with(answer(204, "")), Status.OK, "answers 204", ""),
                row(
                        "it serves with less",
                        healthy().with(answer(200, "degraded", "celery: no worker")),
                        Status.DEGRADED,
                        "answers 200 and says \"degraded\" (celery: no worker)",
                        "sudo journalctl -u sum-acme-gunicorn -n 50"),
                row(
                        "it calls itself well and a part of itself failed",
                        healthy().with(answer(200, "ok", "redis: failed")),
                        Status.DEGRADED,
                        "answers 200 and says \"ok\" (redis: failed)",
                        "sudo journalctl -u sum-acme-gunicorn -n 50"),
                row(
                        "it has no word for the whole, and a part is down",
                        healthy().with(answer(200, "", "database: down")),
                        Status.DEGRADED,
                        "answers 200 (database: down)",
                        "journalctl"),
                row(
                        "its word is one that nobody knows",
                        healthy().with(answer(200, "maintenance")),
                        Status.DEGRADED,
                        "says \"maintenance\"",
                        "journalctl"),
                row(
                        "it calls itself unhealthy with 200",
                        healthy().with(answer(200, "unhealthy")),
                        Status.UNHEALTHY,
                        "says \"unhealthy\"",
                        "journalctl"),
                row(
                        "its database is away",
                        healthy().with(answer(503, "unhealthy", "database: OperationalError")),
                        Status.UNHEALTHY,
                        "answers 503 and says \"unhealthy\" (database: OperationalError): its visitors get errors",
                        "sudo journalctl -u sum-acme-gunicorn -n 50"),
                row("it fails", healthy().with(answer(500, "")), Status.UNHEALTHY, "answers 500", "journalctl"),
                row(
                        "its word is ok and its code is not",
                        healthy().with(answer(500, "ok")),
                        Status.UNHEALTHY,
                        "answers 500",
                        "journalctl"),
                row(
                        "Caddy does not reach it",
                        healthy().with(answer(502, "")),
                        Status.UNHEALTHY,
                        "Caddy does not reach sum-acme-gunicorn.service",
                        "sudo systemctl start sum-acme-gunicorn.socket sum-acme-gunicorn.service; sudo systemctl status"
                                + " sum-acme-gunicorn.service"),
                row(
                        "it redirects",
                        healthy().with(redirect()),
                        Status.UNHEALTHY,
                        "answers 301, which leads to https://www.acme.example.com/",
                        "sudoedit /etc/redis-warden/conf.d/sum-acme.toml && sudo systemctl reload redis-warden.service"
                                + " #"),
                row(
                        "it does not know its name",
                        healthy().with(answer(400, "")),
                        Status.UNHEALTHY,
                        "ALLOWED_HOSTS lacks acme.example.com",
                        "journalctl"),
                row(
                        "there is no such page",
                        healthy().with(answer(404, "")),
                        Status.UNHEALTHY,
                        "answers 404",
                        "sudoedit"),
                row(
                        "Caddy is stopped",
                        healthy().with(none(Outcome.REFUSED, "Connection refused")),
                        Status.UNHEALTHY,
                        "nobody listens at 127.0.0.1:443 (Connection refused)",
                        "sudo systemctl start caddy.service; sudo journalctl -u caddy -n 50"),
                row(
                        "its socket is stopped",
                        healthy().atSocket().with(none(Outcome.REFUSED, "No such file or directory")),
                        Status.UNHEALTHY,
                        "nobody listens at /run/sum-acme-gunicorn.sock",
                        "sudo systemctl start sum-acme-gunicorn.socket sum-acme-gunicorn.service"),
                row(
                        "a worker dies over the answer",
                        healthy().atSocket().with(none(Outcome.BROKEN_OFF, "the connection ended after 0 bytes")),
                        Status.UNHEALTHY,
                        "broken off",
                        "journalctl -u sum-acme-gunicorn"),
                row(
                        "it hangs",
                        healthy().with(none(Outcome.TIMEOUT, "")),
                        Status.UNHEALTHY,
                        "three times in a row within 5000 ms",
                        "sudo systemctl restart sum-acme-gunicorn.service"),
                row(
                        "Caddy has no certificate for it",
                        healthy().with(none(Outcome.TLS, "Received fatal alert: internal_error")),
                        Status.UNHEALTHY,
                        "127.0.0.1:443 gives no TLS for acme.example.com (Received fatal alert: internal_error)",
                        "sudo journalctl -u caddy"),
                row(
                        "something else answers",
                        healthy().with(none(Outcome.NOT_UNDERSTOOD, "no HTTP: hello")),
                        Status.UNKNOWN,
                        "no HTTP: hello",
                        "sudo curl -si -m 10 -k --resolve acme.example.com:443:127.0.0.1"
                                + " https://acme.example.com:443/health/"),
                row(
                        "this user may not connect",
                        healthy().atSocket().withAnswer(Reading.unknown(Cause.DENIED, "this user may not connect")),
                        Status.UNKNOWN,
                        "this user may not connect",
                        "sudo chgrp redis-warden /run/sum-acme-gunicorn.sock && sudo chmod g+rw"),
                row(
                        "it was late once",
                        healthy().withAnswer(Reading.unknown(Cause.TIMEOUT, "has not answered within 5000 ms")),
                        Status.UNKNOWN,
                        "has not answered",
                        "curl"),
                row(
                        "its certificate has ended",
                        healthy().with(certificate(-90, 0, true)),
                        Status.UNHEALTHY,
                        "has ended at " + NOW,
                        "sudo journalctl -u caddy --grep certificate"),
                row(
                        "its certificate is for another",
                        healthy().with(new Certificate(NOW.minusSeconds(1), NOW.plusSeconds(1), false, "other.test")),
                        Status.UNHEALTHY,
                        "the certificate for acme.example.com is for other.test",
                        "caddy"),
                row(
                        "its certificate is of tomorrow",
                        healthy().with(certificate(24, 2400, true)),
                        Status.UNHEALTHY,
                        "begins at",
                        "timedatectl"),
                row(
                        "its certificate was not renewed",
                        healthy().with(certificate(-87 * 24 - 1, 3 * 24 - 1, true)),
                        Status.DEGRADED,
                        "Caddy has failed to renew it",
                        "sudo systemctl reload caddy.service"),
                row(
                        "its certificate will be renewed",
                        healthy().with(certificate(-87 * 24, 3 * 24 + 1, true)),
                        Status.OK,
                        "200",
                        ""),
                row("Caddy's own lives for 12 hours", healthy().with(certificate(-8, 4, true)), Status.OK, "200", ""),
                row(
                        "and was not renewed",
                        healthy().with(certificate(-11, 1, true)),
                        Status.DEGRADED,
                        "failed to renew",
                        "caddy"));
    }

    private static Row row(String sentence, GivenSite given, Status status, String detail, String remedy) {
        return new Row(sentence, given, status, detail, remedy);
    }

    private static Certificate certificate(int fromHours, int toHours, boolean named) {
        return new Certificate(
                NOW.plus(Duration.ofHours(fromHours)), NOW.plus(Duration.ofHours(toHours)), named, CERTIFICATE.names());
    }

    private static SiteAnswer redirect() {
        return new SiteAnswer(
                Outcome.ANSWERED,
                301,
                "https://www.acme.example.com/",
                Optional.empty(),
                List.of(),
                Duration.ofMillis(1),
                Optional.of(CERTIFICATE));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void tells(Row row) {
        Verdict verdict = examine(row.given().with(Weight.CRITICAL));

        assertThat(verdict.status()).as(verdict.detail()).isEqualTo(row.status());
        assertThat(verdict.detail()).contains(row.detail());
        assertThat(verdict.remedy().orElse("")).contains(row.remedy());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void noSiteIsMoreThanDegradedByItself(Row row) {
        Status status = examine(row.given()).status();

        assertThat(status).isEqualTo(row.status() == Status.UNHEALTHY ? Status.DEGRADED : row.status());
        assertThat(examine(row.given().with(Weight.OFF)).status()).isEqualTo(Status.OFF);
    }

    @Test
    void aSiteThatIsDownLeavesTheAgentHealthyForWhoAsksIt() {
        Report down = report(healthy().with(none(Outcome.REFUSED, "")));
        Report critical = report(healthy().with(none(Outcome.REFUSED, "")).with(Weight.CRITICAL));

        assertThat(down.health()).isEqualTo(Health.DEGRADED);
        assertThat(down.summary()).startsWith("degraded: acme/health: nobody listens");
        assertThat(critical.health()).isEqualTo(Health.UNHEALTHY);
        assertThat(critical.isRecovering()).isFalse();
    }

    @Test
    void theTimeOfAnAnswerIsTold() {
        assertThat(examine(healthy()).latency()).contains(Duration.ofMillis(12));
        assertThat(examine(healthy().with(none(Outcome.REFUSED, ""))).latency()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ok", "OK", "pass", "healthy", "up", "true", "200"})
    void wordsOfThoseWhoAreWell(String word) {
        assertThat(examine(healthy().with(answer(200, word))).status()).isEqualTo(Status.OK);
    }

    @Test
    void resultsOfASiteAreToldApart() {
        Report report = report(healthy());

        assertThat(report.result("acme/health").orElseThrow().kind()).isEqualTo(Kind.SITE);
        assertThat(report.result("acme/backup").orElseThrow().status()).isEqualTo(Status.OK);
        assertThat(report.result("ping").orElseThrow().kind()).isEqualTo(Kind.REDIS);
        assertThat(report.only(List.of("acme/health")).results()).hasSize(1);
        assertThat(report.only(List.of("ping")).results()).hasSize(1);
        assertThat(Checkup.names()).doesNotContainAnyElementsOf(Checkup.siteNames());
    }

    private static Report report(GivenSite given) {
        return new Checkup(Checkup.STANDARD, Map.of()).examine(given.snapshot(), Report.none(NOW));
    }

    private static Verdict examine(GivenSite given) {
        return new SiteHealthCheck().examine(given.state(), NOW);
    }
}
