package dev.rediswarden.preflight;

import static dev.rediswarden.preflight.Variable.CELERY_BROKER_URL;
import static dev.rediswarden.preflight.Variable.CELERY_RESULT_BACKEND;
import static dev.rediswarden.preflight.Variable.REDIS_URL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Status;
import dev.rediswarden.check.Verdict;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What redis-py 4.3, kombu 5.2 and Celery 5.2 make of these URLs was looked up by running them. */
class UrlReaderTest {

    @ParameterizedTest
    @CsvSource({
        "REDIS_URL, redis://localhost, localhost:6379, 0, , ",
        "REDIS_URL, redis://, localhost:6379, 0, , ",
        "REDIS_URL, REDIS://Redis_Main:7000/3, redis_main:7000, 3, , ",
        "REDIS_URL, redis://[::1]:7000/3?db=5, [::1]:7000, 5, , ",
        "REDIS_URL, redis://u:p%40ss:w%2Frd+1@h:1/2, h:1, 2, u, p@ss:w/rd+1",
        "REDIS_URL, redis://:p|a^ss%zz@h, h:6379, 0, , p|a^ss%zz",
        "REDIS_URL, redis://h?username=u&password=a%20b, h:6379, 0, u, a b",
        "REDIS_URL, redis://u@h, h:6379, 0, u, ''",
        "REDIS_URL, unix:///run/redis%20a.sock?db=1, unix:/run/redis a.sock, 1, , ",
        "REDIS_URL, unix://u:pw@/run/s, unix:/run/s, 0, u, pw",
        "CELERY_BROKER_URL, redis://:pw@h/1, h:6379, 1, , pw",
        "CELERY_BROKER_URL, redis+socket:///run/s?virtual_host=1, unix:/run/s, 1, , ",
        "CELERY_RESULT_BACKEND, redis+socket:///run/s?virtual_host=1, unix:/run/s, 1, , ",
        "CELERY_RESULT_BACKEND, redis://h/1?db=2, h:6379, 2, , ",
    })
    void isTakenApartAsItsReaderDoes(
            Variable variable, String text, String server, int database, String user, String password) {
        Question.Ask ask = asked(variable, text);

        assertThat(ask.url().server()).hasToString(server);
        assertThat(ask.url().database()).isEqualTo(database);
        assertThat(ask.url().login().flatMap(SiteUrl.Login::user)).isEqualTo(Optional.ofNullable(user));
        assertThat(ask.url().login().map(SiteUrl.Login::password))
                .isEqualTo(Optional.ofNullable(password)
                        .or(() -> Optional.ofNullable(user).map(name -> "")));
        assertThat(ask.findings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "REDIS_URL, ''",
        "REDIS_URL, hidden",
        "REDIS_URL, redis://:hid#den@h",
        "REDIS_URL, redis://:hidden/x@h",
        "REDIS_URL, redis://:hidden@h:65536",
        "REDIS_URL, redis://:hidden@h:port",
        "REDIS_URL, redis://:hidden@h?db=one",
        "REDIS_URL, redis://:hidden@h h",
        "REDIS_URL, redis://:hidden@h?ssl_cert_reqs=none",
        "REDIS_URL, rediss://:hidden@h?ssl_cert_reqs=maybe",
        "REDIS_URL, unix://:hidden@run/redis.sock",
        "REDIS_URL, unix://",
        "REDIS_URL, unix:///run/%00",
        "CELERY_BROKER_URL, unix:///run/redis.sock",
        "CELERY_BROKER_URL, redis://:hidden@h/0?db=1",
        "CELERY_BROKER_URL, redis://:hidden@h/one",
        "CELERY_BROKER_URL, rediss://:hidden@h?ssl_cert_reqs=maybe",
        "CELERY_RESULT_BACKEND, rediss://:hidden@h/1",
        "CELERY_RESULT_BACKEND, redis://:hidden@h/1?ssl_cert_reqs=none",
        "CELERY_RESULT_BACKEND, redis://:hidden@h/one",
    })
    void whatItsReaderRefusesTheSiteFailsOn(Variable variable, String text) {
        Verdict verdict = settled(variable, text);

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.detail()).startsWith(variable.key() + " ").doesNotContain("hidden");
        assertThat(verdict.remedy())
                .get()
                .asString()
                .startsWith("sudoedit /srv/.env # ")
                .doesNotContain("hidden");
    }

    @Test
    void aUrlWithoutItsSchemeIsMendedByOne() {
        Verdict verdict = settled(Variable.CELERY_BROKER_URL, "redis//127.0.0.1");

        assertThat(verdict.status()).isEqualTo(Status.UNHEALTHY);
        assertThat(verdict.detail()).contains("does not begin with redis:// or another scheme");
        assertThat(verdict.remedy()).contains("sudoedit /srv/.env # CELERY_BROKER_URL=redis://HOST:PORT/DB");
    }

    @ParameterizedTest
    @CsvSource({
        "CELERY_BROKER_URL, amqp://u:hidden@h, amqp://",
        "CELERY_BROKER_URL, memory://, memory://",
        "REDIS_URL, locmem://, locmem://",
        "CELERY_RESULT_BACKEND, db+postgresql://u:hidden@h/x, db+postgresql://",
        "CELERY_RESULT_BACKEND, hidden://h, of another scheme",
        "CELERY_RESULT_BACKEND, django-db, django-db",
        "CELERY_RESULT_BACKEND, rpc://, rpc://",
    })
    void anotherSchemeIsNotJudgedAndSaidSo(Variable variable, String text, String named) {
        Verdict verdict = settled(variable, text);

        assertThat(verdict.status()).isEqualTo(Status.OFF);
        assertThat(verdict.detail()).isEqualTo(variable.key() + " is " + named + ", not Redis: not judged");
    }

    @ParameterizedTest
    @CsvSource({
        "CELERY_BROKER_URL, sentinel://:hidden@h:26379",
        "CELERY_BROKER_URL, redis://:hidden@a;redis://:hidden@b",
        "REDIS_URL, 'redis://a/1,redis://b/1'",
        "REDIS_URL, valkey://:hidden@h",
        "REDIS_URL, rediscache://:hidden@h",
    })
    void whatIsRedisAndNotUnderstoodIsUnknown(Variable variable, String text) {
        Verdict verdict = settled(variable, text);

        assertThat(verdict.status()).isEqualTo(Status.UNKNOWN);
        assertThat(verdict.toString()).doesNotContain("hidden");
    }

    @Test
    void eachReaderHasItsOwnRuleForCertificates() {
        assertThat(tls(REDIS_URL, "rediss://h")).isEqualTo(new SiteUrl.Tls(true, true, Optional.empty()));
        assertThat(tls(CELERY_BROKER_URL, "rediss://h").signed()).isFalse();
        assertThat(tls(CELERY_BROKER_URL, "redis://h?ssl_cert_reqs=required").signed())
                .isTrue();
        assertThat(tls(CELERY_RESULT_BACKEND, "rediss://h?ssl_cert_reqs=CERT_REQUIRED&ssl_ca_certs=/etc/ca%20x.pem"))
                .isEqualTo(new SiteUrl.Tls(true, true, Optional.of("/etc/ca x.pem")));
        assertThat(tls(REDIS_URL, "rediss://h?ssl_cert_reqs=none&ssl_check_hostname=False"))
                .isEqualTo(new SiteUrl.Tls(false, false, Optional.empty()));
        assertThat(evidence(CELERY_BROKER_URL, "rediss://h"))
                .containsExactly("CELERY_BROKER_URL has the server's certificate not looked at");
        assertThat(evidence(REDIS_URL, "rediss://h?ssl_cert_reqs=CERT_REQUIRED"))
                .containsExactly("REDIS_URL has ssl_cert_reqs=CERT_REQUIRED");
        assertThat(evidence(REDIS_URL, "rediss://h?ssl_cert_reqs=required")).isEmpty();
    }

    @Test
    void whatOneOfTheReadersTakesOtherwiseIsDegraded() {
        assertThat(evidence(REDIS_URL, "redis://h/one")).containsExactly("REDIS_URL has a path that is no number");
        assertThat(evidence(REDIS_URL, "redis+socket:///s?virtual_host=1"))
                .containsExactly("REDIS_URL begins with redis+socket://");
    }

    private static SiteUrl.Tls tls(Variable variable, String text) {
        return ((SiteUrl.Tcp) asked(variable, text).url().server()).tls().orElseThrow();
    }

    private static List<String> evidence(Variable variable, String text) {
        return asked(variable, text).findings().stream().map(Finding::evidence).toList();
    }

    private static Question.Ask asked(Variable variable, String text) {
        return (Question.Ask) UrlReader.read(variable, text, Origin.file("/srv/.env"));
    }

    private static Verdict settled(Variable variable, String text) {
        return ((Question.Settled) UrlReader.read(variable, text, Origin.file("/srv/.env"))).verdict();
    }
}
