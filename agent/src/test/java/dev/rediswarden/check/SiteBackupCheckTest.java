package dev.rediswarden.check;

import static dev.rediswarden.snapshot.GivenSite.BACKUP;
import static dev.rediswarden.snapshot.GivenSite.NOW;
import static dev.rediswarden.snapshot.GivenSite.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Site.Weight;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SiteBackupCheckTest {

    private static final String BACK_UP = "sudo systemctl start sum-acme-backup.service";

    @Test
    void aBackupThatIsNewAndWasRestoredOnTrialIsOk() {
        expect(
                BACKUP,
                Status.OK,
                "the last backup (3.0 MiB in /srv/sum/acme/backups/one) was made 3 h ago, restored on trial 2 d ago",
                "");
    }

    @Test
    void noneAtAllIsDegraded() {
        expect(Backup.NONE, Status.DEGRADED, "no backup was ever made", BACK_UP);
    }

    @Test
    void oneThatIsTooOldIsDegradedWithItsAge() {
        expect(
                made(Duration.ofHours(26).plusSeconds(1)),
                Status.DEGRADED,
                "was made 26 h ago, and is to be no older",
                BACK_UP);
        expect(made(Duration.ofHours(26)), Status.OK, "26 h ago", "");
        expect(
                made(Duration.ofDays(5)),
                Status.DEGRADED,
                "(3.0 MiB in /srv/sum/acme/backups/one) was made 5 d ago",
                BACK_UP);
    }

    @Test
    void aFailureCountsUntilOneSucceeds() {
        expect(
                failed(NOW.minusSeconds(60)),
                Status.DEGRADED,
                "the last backup failed 1 min ago: pg_dump: no space left",
                BACK_UP + "; sudo journalctl -u sum-acme-backup -n 50");
        expect(failed(NOW.minus(Duration.ofHours(4))), Status.OK, "3 h ago", "");
        expect(failed(NOW.minus(Duration.ofHours(3))), Status.DEGRADED, "the last backup failed", BACK_UP);
    }

    @Test
    void aDrillThatFailedIsNotForgivenForANewBackup() {
        Instant drilled = BACKUP.drilledAt().orElseThrow();
        expect(
                failed(drilled.plusSeconds(60), "drill: keys differ"),
                Status.DEGRADED,
                "restoring a backup on trial failed 47 h ago: keys differ: whether the backups are any",
                "restore.sh --site-slug acme --drill");
        expect(failed(drilled.minusSeconds(60), "drill: keys differ"), Status.OK, "3 h ago", "");
    }

    @Test
    void oneThatFailedFromTheBeginningIsBoth() {
        Backup never = new Backup(
                Optional.empty(), "", BACKUP.bytes(), Optional.empty(), "", Optional.of(NOW.minusSeconds(60)), "no");

        assertThat(examine(healthy().with(never)).findings())
                .extracting(Finding::evidence)
                .containsExactly("the last backup failed 1 min ago: no", "no backup was ever made");
    }

    @Test
    void oneThatWasNeverRestoredOnTrialIsNotProven() {
        String drill = "sudo /usr/share/redis-warden/scripts/restore.sh --site-slug acme --drill";
        expect(drilled(Optional.empty()), Status.DEGRADED, "a backup was restored on trial never", drill);
        expect(drilled(Optional.of(NOW.minus(Duration.ofDays(9)))), Status.DEGRADED, "trial 9 d ago", drill);
        expect(drilled(Optional.of(NOW.minus(Duration.ofDays(8)))), Status.OK, "8 d ago", "");
    }

    @Test
    void aTimeThatIsStillToComeIsUnknown() {
        Instant later = NOW.plus(Duration.ofHours(1));
        expect(made(Duration.ofHours(-1)), Status.UNKNOWN, later + ", which is still to come", "timedatectl");
        expect(failed(later), Status.UNKNOWN, "still to come", "timedatectl");
        expect(drilled(Optional.of(later)), Status.UNKNOWN, "still to come", "timedatectl");
    }

    @Test
    void whatCannotBeReadIsUnknown() {
        Verdict verdict = examine(healthy().withBackup(Reading.unknown(Cause.FAILED, "backup:2 is no line")));

        assertThat(verdict.status()).isEqualTo(Status.UNKNOWN);
        assertThat(verdict.detail()).contains("backup:2 is no line");
        assertThat(verdict.remedy().orElseThrow()).startsWith("sudo cat /var/lib/sum/acme/backup; " + BACK_UP);
    }

    @Test
    void itIsOffWhereNobodyAsksForBackupsAndNeverUnhealthy() {
        assertThat(examine(healthy().with(Backup.NONE).withoutBackups()).status())
                .isEqualTo(Status.OFF);
        assertThat(examine(healthy().with(Backup.NONE).with(Weight.CRITICAL)).status())
                .isEqualTo(Status.DEGRADED);
    }

    private static Backup made(Duration ago) {
        return with(Optional.of(NOW.minus(ago)), BACKUP.drilledAt(), Optional.empty(), "");
    }

    private static Backup failed(Instant at) {
        return failed(at, "backup: pg_dump: no space left");
    }

    private static Backup failed(Instant at, String why) {
        return with(BACKUP.madeAt(), BACKUP.drilledAt(), Optional.of(at), why);
    }

    private static Backup drilled(Optional<Instant> at) {
        return with(BACKUP.madeAt(), at, Optional.empty(), "");
    }

    private static Backup with(
            Optional<Instant> made, Optional<Instant> drilled, Optional<Instant> failed, String failure) {
        return new Backup(made, BACKUP.directory(), BACKUP.bytes(), drilled, BACKUP.drilled(), failed, failure);
    }

    private static void expect(Backup backup, Status status, String detail, String remedy) {
        Verdict verdict = examine(healthy().with(backup));

        assertThat(verdict.status()).as(verdict.detail()).isEqualTo(status);
        assertThat(verdict.detail()).contains(detail);
        assertThat(verdict.remedy().orElse("")).contains(remedy);
    }

    private static Verdict examine(GivenSite given) {
        return new SiteBackupCheck().examine(given.state(), NOW);
    }
}
