package dev.rediswarden.lab;

import static dev.rediswarden.lab.Backups.BACKUP;
import static dev.rediswarden.lab.Backups.LEFTOVERS;
import static dev.rediswarden.lab.Backups.NEWEST;
import static dev.rediswarden.lab.Backups.PSQL;
import static dev.rediswarden.lab.Backups.RESTORE;
import static dev.rediswarden.lab.Backups.STATUS;
import static dev.rediswarden.lab.Backups.SURE;
import static dev.rediswarden.lab.GoldenSite.SCRIPTS;
import static dev.rediswarden.lab.GoldenSite.SITE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a site that runs, how they are tried, and all that may go wrong about either. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class BackupLabTest {

    private GoldenSite site;
    private Lab lab;
    private Backups backups;

    @BeforeAll
    void provisionAndDeploy() {
        site = GoldenSite.up();
        lab = site.lab;
        backups = new Backups(lab);
        site.provisioned.ok();
        site.deployed.ok();
    }

    @AfterAll
    void close() {
        site.close();
    }

    @Test
    void provisioningMadeTheFirstBackupAndTriedItWithTheUnitThatTheTimerStarts() {
        assertThat(site.provisioned.out()).contains("done    the first backup");
        lab.shell("rm /var/lib/sum/acme/backup; systemctl start sum-acme-backup.service")
                .ok();

        assertThat(lab.shell(STATUS).ok().lines().map(line -> line.replaceAll("=.*", "")))
                .containsExactly("backed_up_at", "directory", "bytes", "drilled_at", "drilled");
        assertThat(lab.shell("stat -c '%a %U' /var/lib/sum/acme /var/lib/sum/acme/backup")
                        .ok())
                .isEqualTo("755 root\n644 root");
        assertThat(lab.shell("systemctl is-active sum-acme-backup.timer").ok()).isEqualTo("active");
        // One that was drilled this week is not drilled again.
        lab.shell("d=$(grep ^drilled= /var/lib/sum/acme/backup); systemctl start sum-acme-backup.service;"
                        + " grep -qxF \"$d\" /var/lib/sum/acme/backup; test \"${d#drilled=}\" != \"$(" + NEWEST + ")\"")
                .ok();
    }

    @Test
    void whatIsBackedUpWhileTheSiteWritesIsOfOneInstant() {
        lab.shell("systemd-run -q --unit=writer sh -c 'i=0; while :; do i=$((i + 1));"
                        + " redis-cli SET written:$i $i EX $((i % 3 + 1)) >/dev/null; redis-cli RPUSH written $i >/dev/null;"
                        + " echo \"INSERT INTO acme_done (name) VALUES ($i);\"; done | " + PSQL + "acme'; true")
                .ok();
        try {
            lab.await("writes", PSQL + "acme -c 'SELECT count(*) FROM acme_done' | grep -v '^0$'");
            for (int i = 0; i < (LongRun.ASKED ? 3 : 1); i++) {
                lab.shell(BACKUP).ok();
                lab.shell(RESTORE + " --drill").ok();
            }
        } finally {
            lab.shell("systemctl stop writer; redis-cli DEL written; " + PSQL + "acme -c 'DELETE FROM acme_done'")
                    .ok();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dd if=/dev/zero of=redis.rdb bs=1 count=1 seek=120 conv=notrunc status=none",
                "redis-cli DEL drilled; redis-cli SAVE; cat /var/lib/redis/dump.rdb >redis.rdb",
                "dd if=/dev/zero of=database.dump bs=1 count=16 seek=3000 conv=notrunc status=none",
                "sed -i 's/^[0-9]* public.acme_done/77 public.acme_done/' rows",
            })
    void onlyTheDrillFindsWhatItsChecksumsDoNotShow(String damage) {
        lab.shell("redis-cli SET drilled 1; " + BACKUP + "; cp -a $(" + NEWEST + ") /root/whole; cd $(" + NEWEST + "); "
                        + damage + "; sha256sum database.dump rows redis.rdb keys manifest >SHA256SUMS")
                .ok();
        try {
            var drill = lab.shell(RESTORE + " --drill");

            assertThat(drill.exit()).as(drill.toString()).isEqualTo(1);
            assertThat(lab.shell(STATUS).ok()).contains("\nfailed_at=", "\nfailure=drill: ");
            var restore = lab.shell(RESTORE + SURE);
            assertThat(restore.exit()).isEqualTo(1);
            assertThat(restore.err()).contains("nothing of acme was changed");
            // The next backup is good, and does not hide that the last drill was not.
            lab.shell(BACKUP).ok();
            assertThat(lab.shell(STATUS).ok()).contains("failure=drill: ");
        } finally {
            lab.shell("rm -rf /root/whole").ok();
        }
        lab.shell(RESTORE + " --drill").ok();
        assertThat(lab.shell(STATUS).ok()).contains("drilled_at=").doesNotContain("fail");
        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
    }

    @Test
    void aSnapshotThatRedisCannotWriteIsToldUntilABackupSucceeds() {
        lab.shell(BACKUP + "; chmod 0500 /var/lib/redis; chown root: /var/lib/redis")
                .ok();
        var before = lab.shell("grep backed_up_at /var/lib/sum/acme/backup").ok();
        try {
            var failed = lab.shell(BACKUP);

            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err())
                    .contains("Redis could not write its snapshot: Failed opening", "Permission denied");
            assertThat(lab.shell(STATUS).ok())
                    .contains(before, "\nfailed_at=")
                    .containsPattern("\nfailure=backup: Redis could not write its snapshot: .*Permission denied");
        } finally {
            lab.shell("chown redis: /var/lib/redis; chmod 0750 /var/lib/redis; redis-cli BGSAVE;"
                            + " until redis-cli INFO persistence | grep rdb_last_bgsave_status:ok; do sleep .05; done")
                    .ok();
        }
        lab.shell(BACKUP).ok();
        assertThat(lab.shell(STATUS).ok()).doesNotContain("fail");
        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
    }

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    @Test
    void aDiskThatFillsUpFailsTheBackupAndLeavesTheOnesBefore() {
        lab.shell("cp -a $(" + NEWEST + ") /root/before; " + PSQL + "acme -c \"" + RestoreLabTest.BULK + "\"")
                .ok();
        lab.disk("/srv/sum/acme/backups", "40M");
        lab.shell("chmod 0700 /srv/sum/acme/backups; cp -a /root/before /srv/sum/acme/backups/20260101T000000Z")
                .ok();
        try {
            var failed = lab.shell(BACKUP);

            assertThat(failed.exit()).isEqualTo(1);
            assertThat(failed.err()).contains("No space left on device", "could not dump acme");
            assertThat(lab.shell(STATUS).ok()).contains("\nfailed_at=", "\nfailure=backup: ");
            assertThat(lab.shell(RESTORE + " --list").ok().lines()).hasSize(1);
            // What fills the disk is gone; what Redis or the site has is untouched.
            assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
            assertThat(lab.shell("redis-cli PING; " + SITE + "/health/").ok()).contains("PONG", "\"status\": \"ok\"");
        } finally {
            lab.shell("umount /srv/sum/acme/backups; rm -rf /root/before; " + PSQL + "acme -c 'DROP TABLE bulk'; "
                            + BACKUP)
                    .ok();
        }
        assertThat(lab.shell(STATUS).ok()).doesNotContain("fail");
    }

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls -d /srv/sum/acme/backups/.partial*",
                "ls /srv/sum/acme/backups/.partial*/redis.rdb",
                "ls -d /var/tmp/sum-acme-redis*",
                "ls /srv/sum/acme/backups/.partial*/database.dump",
                "ls /srv/sum/acme/backups/.partial*/SHA256SUMS"
            })
    void aBackupThatIsKilledLeavesNothingThatTheNextDoesNotMend(String instant) {
        var before = lab.shell(RESTORE + " --list").ok();
        backups.killedAt(BACKUP, instant);
        // It may have come to its end before the signal came.
        assertThat(lab.shell(RESTORE + " --list").ok()).startsWith(before);

        lab.shell(BACKUP).ok();

        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
        lab.shell(RESTORE + " --drill").ok();
    }

    @Test
    void nothingOfWhatRootWritesOrLocksIsTheSitesOwn() {
        assertThat(lab.shell("stat -c '%U %a' /srv/sum/acme /srv/sum/acme/backups")
                        .ok())
                .isEqualTo("root 755\nroot 700");
        for (var attempt : new String[] {
            "mv /srv/sum/acme/backups /srv/sum/acme/b",
            "ln -sfn /etc/passwd /srv/sum/acme/.env",
            "flock -n /var/lib/sum/acme/lock-backup true",
        }) {
            assertThat(lab.shell("runuser -u deploy -- " + attempt).exit())
                    .as(attempt)
                    .isNotZero();
        }
        lab.shell("mv /srv/sum/acme/.env /root/env; ln -s /root/env /srv/sum/acme/.env")
                .ok();
        try {
            for (var command : new String[] {BACKUP, RESTORE + " --drill", GoldenSite.DEPLOY}) {
                assertThat(lab.shell(command).err()).contains("is a symbolic link");
            }
        } finally {
            lab.shell("mv -fT /root/env /srv/sum/acme/.env").ok();
        }
    }

    @Test
    void theOldestGoAndTheNewestStay() {
        lab.shell(BACKUP + "; " + BACKUP + " --keep 0; mkdir /srv/sum/acme/backups/mine")
                .ok();
        var listed = lab.shell(RESTORE + " --list").ok().lines().toList();

        lab.shell(BACKUP + " --keep 2").ok();

        var left = lab.shell(RESTORE + " --list").ok().lines().toList();
        assertThat(left).hasSize(2).startsWith(listed.get(listed.size() - 1));
        assertThat(lab.shell("ls /srv/sum/acme/backups").ok().lines())
                .hasSize(3)
                .contains("mine");
        assertThat(lab.shell(
                                "rmdir /srv/sum/acme/backups/mine; find /srv/sum/acme/backups/*Z -printf '%U %m\\n' | sort -u")
                        .ok())
                .isEqualTo("0 600\n0 700");
    }

    @Test
    void whileOneIsAtWorkAnotherDoesNotBegin() {
        for (var command : new String[] {BACKUP, RESTORE + SURE, RESTORE + " --drill"}) {
            var refused = lab.shell("flock /var/lib/sum/acme/lock-backup " + command);
            assertThat(refused.exit()).as(refused.toString()).isEqualTo(75);
        }
        assertThat(lab.shell("flock /var/lib/sum/acme/lock-deploy " + RESTORE + SURE)
                        .exit())
                .isEqualTo(75);
    }

    @Test
    void noPasswordIsInAnArgumentOrInAnOutput() {
        lab.shell("cp -p /srv/sum/acme/.env /root/env; sed -i 's|redis://|redis://default:top%%22%%25s3cret@|;s/%%/%/g'"
                        + " /srv/sum/acme/.env; printf 'CONFIG SET requirepass \"top\\\\\"%%s3cret\"\\n' | redis-cli | grep OK;"
                        + " systemctl restart sum-acme-gunicorn sum-acme-celery")
                .ok();
        // Not in the same line, which has the password in an argument of its own.
        lab.shell(
                        "systemd-run -q --unit=watch sh -c 'while :; do cat /proc/[0-9]*/cmdline; done >/root/arguments 2>/dev/null'")
                .ok();
        try {
            var out = lab.shell(BACKUP).toString() + lab.shell(RESTORE + " --drill") + lab.shell(RESTORE + SURE);
            lab.shell("systemctl stop watch").ok();

            assertThat(out).contains("acme is restored from").doesNotContain("error:", "s3cret");
            assertThat(lab.shell("grep -acF MIGRATE /root/arguments || true").ok())
                    .isEqualTo("0");
            assertThat(lab.shell("grep -ac restore.sh /root/arguments").ok()).isNotEqualTo("0");
            for (var where : new String[] {"/root/arguments", "/var/lib/sum", "/srv/sum/acme/backups/*/manifest"}) {
                assertThat(lab.shell(
                                        "grep -ralF -e s3cret -e $(sed -n 's/^DATABASE_URL=.*:\\([0-9a-f]\\{40,\\}\\)@.*/\\1/p'"
                                                + " /root/env) " + where + " || true")
                                .ok())
                        .isEmpty();
            }
        } finally {
            lab.shell(
                            "cp -p /root/env /srv/sum/acme/.env; systemctl stop watch 2>/dev/null || true; rm -f /root/arguments;"
                                    + " printf 'AUTH \"top\\\\\"%%s3cret\"\\nCONFIG SET requirepass \"\"\\n' | redis-cli;"
                                    + " systemctl restart sum-acme-gunicorn sum-acme-celery")
                    .ok();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backup.sh", "restore.sh"})
    void bothHaveHelpAndRefuseWhatTheyDoNotKnow(String script) {
        assertThat(lab.shell(SCRIPTS + script + " --help").ok()).contains("Usage:");
        var refused = lab.shell(SCRIPTS + script + " --no-such-option");
        assertThat(refused.exit()).isEqualTo(64);
        assertThat(refused.err().lines()).singleElement().asString().contains("--no-such-option");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup.sh",
                "backup.sh --site-slug acme --keep few",
                "restore.sh --site-slug acme --drill --no-backup"
            })
    void aCommandLineThatMakesNoSenseIsRefused(String command) {
        assertThat(lab.shell(SCRIPTS + command).exit()).isEqualTo(64);
    }
}
