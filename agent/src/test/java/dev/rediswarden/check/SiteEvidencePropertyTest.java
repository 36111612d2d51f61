package dev.rediswarden.check;

import static dev.rediswarden.snapshot.GivenSite.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Site.Weight;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteAnswer.Certificate;
import dev.rediswarden.snapshot.SiteAnswer.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever a site says, and whatever stands in its files: no check throws, and none takes for ok what was not proven. */
class SiteEvidencePropertyTest {

    private static final int WORLDS = 20_000;
    private static final List<String> WORDS = List.of(
            "ok",
            "degraded",
            "unhealthy",
            "",
            "null",
            "{}",
            "\u0000\u001b[2J",
            "x".repeat(100_000),
            "okay",
            "drill: no",
            "backup: no");

    private final Random random = new Random(20_260_106);

    @Test
    void onlyAnAnswerThatSaysSoIsOk() {
        for (int i = 0; i < WORLDS; i++) {
            Reading<SiteAnswer> answer = answer();
            GivenSite given = given().withAnswer(answer);

            Verdict verdict = result(given, "acme/health").verdict();

            if (verdict.status() == Status.OK) {
                SiteAnswer said = answer.optional().orElseThrow();
                assertThat(said.outcome()).isEqualTo(Outcome.ANSWERED);
                assertThat(said.code()).isBetween(200, 299);
                assertThat(said.word().orElse("ok")).isEqualTo("ok");
                said.certificate().ifPresent(certificate -> {
                    assertThat(certificate.named()).isTrue();
                    assertThat(NOW).isBetween(certificate.notBefore(), certificate.notAfter());
                });
            }
            assertThat(verdict.status())
                    .isIn(
                            given.site().weight() == Weight.CRITICAL
                                    ? List.of(Status.values())
                                    : List.of(Status.OFF, Status.OK, Status.UNKNOWN, Status.DEGRADED));
            isFitToBeTold(verdict);
        }
    }

    @Test
    void onlyABackupThatIsNewAndWasTriedIsOk() {
        for (int i = 0; i < WORLDS; i++) {
            Reading<Backup> backup = backup();

            Verdict verdict = result(given().withBackup(backup), "acme/backup").verdict();

            if (verdict.status() == Status.OK) {
                Backup told = backup.optional().orElseThrow();
                assertThat(Duration.between(told.madeAt().orElseThrow(), NOW))
                        .isBetween(Duration.ofMinutes(-1), Duration.ofHours(26));
                assertThat(Duration.between(told.drilledAt().orElseThrow(), NOW))
                        .isBetween(Duration.ofMinutes(-1), Duration.ofDays(8));
                Instant good = (told.failure().startsWith("drill: ") ? told.drilledAt() : told.madeAt()).orElseThrow();
                told.failedAt().ifPresent(failed -> assertThat(failed).isBefore(good));
            }
            assertThat(verdict.status()).isNotEqualTo(Status.UNHEALTHY);
            isFitToBeTold(verdict);
        }
    }

    private static void isFitToBeTold(Verdict verdict) {
        assertThat(verdict.detail()).hasSizeLessThan(6_000).doesNotContainPattern("\\p{Cntrl}");
        assertThat(verdict.findings()).allSatisfy(finding -> {
            assertThat(finding.evidence()).isNotBlank();
            assertThat(finding.remedy()).isNotBlank().doesNotContainPattern("\\p{Cntrl}");
        });
    }

    private GivenSite given() {
        GivenSite given = GivenSite.healthy().with(any(Weight.values()));
        return random.nextBoolean() ? given : given.atSocket();
    }

    private Reading<SiteAnswer> answer() {
        if (random.nextInt(8) == 0) {
            return Reading.unknown(any(Cause.values()), "why");
        }
        return Reading.known(new SiteAnswer(
                random.nextInt(3) > 0 ? Outcome.ANSWERED : any(Outcome.values()),
                random.nextBoolean() ? 200 : random.nextInt(700) - 50,
                word(),
                random.nextBoolean() ? Optional.of(word()) : Optional.empty(),
                List.of(word(), word()),
                Duration.ofNanos(random.nextLong() >>> 1),
                random.nextBoolean()
                        ? Optional.of(new Certificate(time(), time(), random.nextInt(4) > 0, word()))
                        : Optional.empty()));
    }

    private Reading<Backup> backup() {
        if (random.nextInt(8) == 0) {
            return Reading.unknown(Cause.FAILED, "why");
        }
        return Reading.known(new Backup(
                maybe(),
                word(),
                random.nextBoolean() ? OptionalLong.of(random.nextLong() >>> 1) : OptionalLong.empty(),
                maybe(),
                word(),
                random.nextBoolean() ? Optional.empty() : maybe(),
                word()));
    }

    private Optional<Instant> maybe() {
        return random.nextInt(5) == 0 ? Optional.empty() : Optional.of(time());
    }

    /** Most within some days, some at the ends of all time. */
    private Instant time() {
        return switch (random.nextInt(8)) {
            case 0 -> Instant.EPOCH;
            case 1 -> Instant.ofEpochSecond(253_402_300_799L);
            case 2 -> NOW;
            default -> NOW.plusSeconds(random.nextInt(20 * 86_400) - 15 * 86_400);
        };
    }

    private <T> T any(T[] values) {
        return List.of(values).get(random.nextInt(values.length));
    }

    private String word() {
        return WORDS.get(random.nextInt(WORDS.size()));
    }

    private static CheckResult result(GivenSite given, String key) {
        return new Checkup(List.of(), Map.of())
                .examine(given.snapshot(), Report.none(NOW))
                .result(key)
                .orElseThrow();
    }
}
