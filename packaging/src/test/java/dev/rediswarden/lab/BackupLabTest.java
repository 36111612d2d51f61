package dev.rediswarden.lab;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Backups of a site that runs, what is done with them, and all that may go wrong about either. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class BackupLabTest {

    private static final String BACKUP = SCRIPTS + "backup.sh --site-slug acme";
    private static final String RESTORE = SCRIPTS + "restore.sh --site-slug acme";
    private static final String SURE = " --i-know-this-will-overwrite";
    private static final String STATUS = "cat /var/lib/sum/acme/backup";
    private static final String NEWEST = "sed -n 's/^directory=//p' /var/lib/sum/acme/backup";
    private static final String PSQL = "runuser -u postgres -- psql -qAt ";
    private static final String UNITS = "sum-acme-gunicorn.socket sum-acme-gunicorn sum-acme-celery";
    private static final String STARTED = "systemctl show -P ActiveEnterTimestampMonotonic " + UNITS;
    private static final String LEFTOVERS = "find /srv/sum/acme/backups /var/tmp /var/lib/sum/acme -maxdepth 1"
            + " \\( -name '.partial*' -o -name 'sum-acme-redis*' -o -name restoring -o -name 'backup.*' \\); " + PSQL
            + "-l | grep -o '^acme__[a-z_]*' || true";

    private GoldenSite site;
    private Lab lab;

    @BeforeAll
    void provisionAndDeploy() {
        site = GoldenSite.up();
        lab = site.lab;
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

    @Test
    void aRowAndAQueuedTaskComeBackAndNothingOfAnotherSiteGoes() {
        lab.shell("systemctl stop sum-acme-celery; " + SITE + "/queue/kept/ | grep -x queued; " + PSQL
                        + "acme -c \"INSERT INTO acme_done (name) VALUES ('row')\";"
                        + " redis-cli SET lasting 1; redis-cli SET passing 1 EX 5000;"
                        + " printf 'SET \"a \\\\\"\\\\n\\\\xff key\" \"\\\\x00v\"\\n' | redis-cli;"
                        + " seq 1000 | sed 's/.*/SET many:& &/' | redis-cli >/dev/null;"
                        + " redis-cli -n 3 SET another 1; " + PSQL + "-c 'CREATE DATABASE other'; " + BACKUP)
                .ok();
        lab.shell(
                        "redis-cli FLUSHDB; redis-cli SET later 1; " + PSQL + "acme -c 'DROP TABLE acme_done';"
                                + " redis-cli -n 3 SET another 2; redis-cli -n 3 SET one-more 1; systemctl start sum-acme-celery")
                .ok();

        lab.shell(RESTORE + SURE + " --from $(" + NEWEST + ")").ok();

        lab.await("the task", SITE + "/done/kept/ | grep -x done");
        assertThat(lab.shell(SITE + "/done/row/").ok()).isEqualTo("done");
        assertThat(lab.shell("redis-cli MGET lasting later many:1000").ok()).isEqualTo("1\n\n1000");
        assertThat(lab.shell("redis-cli TTL passing").ok()).matches("4[0-9]{3}");
        assertThat(lab.shell("printf 'GET \"a \\\\\"\\\\n\\\\xff key\"\\n' | redis-cli --no-raw")
                        .ok())
                .isEqualTo("\"\\x00v\"");
        assertThat(lab.shell("redis-cli -n 3 MGET another one-more").ok()).isEqualTo("2\n1");
        assertThat(lab.shell(PSQL + "-l").ok()).contains("\nother|").doesNotContain("acme__");
        assertThat(lab.shell("systemctl is-active " + UNITS).ok()).isEqualTo("active\nactive\nactive");
        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
    }

    @Test
    void aDatabaseThatIsLostComesBack() {
        lab.shell("systemctl stop sum-acme-celery; " + BACKUP + "; " + PSQL + "-c 'DROP DATABASE acme WITH (FORCE)'")
                .ok();

        var refused = lab.shell(RESTORE + SURE);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("Postgres has no database acme", "runs again", "--no-backup");
        lab.shell(RESTORE + SURE + " --no-backup; systemctl start sum-acme-celery")
                .ok();

        assertThat(lab.shell(SITE + "/health/").ok()).contains("\"status\": \"ok\"");
        assertThat(lab.shell(PSQL + "-l | grep ^acme").ok()).startsWith("acme|acme|");
    }

    @Test
    void withoutTheWordARestoreChangesNothing() {
        lab.shell(BACKUP + "; redis-cli SET later 1").ok();
        var before = lab.shell(STARTED).ok();

        var refused = lab.shell(RESTORE);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("would stop acme and overwrite", "nothing was done", SURE.strip());
        assertThat(lab.shell("redis-cli GET later").ok()).isEqualTo("1");
        assertThat(lab.shell(STARTED).ok()).isEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dd if=/dev/zero of=database.dump bs=1 count=1 seek=200 conv=notrunc status=none | database.dump: FAILED",
                "rm rows | rows",
                "sed -i /rows/d SHA256SUMS | is no backup",
                "chown deploy: database.dump | is not root's alone",
                "chmod 0777 . | is not root's alone",
                "rm manifest; ln -s /etc/passwd manifest | is not root's alone",
                "sed -i s/acme/other/ manifest; sha256sum d* r* k* m* >SHA256SUMS | is a backup of other",
            })
    void aBackupThatIsNotAsItWasMadeIsRefused(String damage, String told) {
        lab.shell(BACKUP + "; rm -rf /root/damaged; cp -a $(" + NEWEST + ") /root/damaged; cd /root/damaged; " + damage)
                .ok();
        var before = lab.shell(STARTED).ok();

        var refused = lab.shell(RESTORE + SURE + " --from /root/damaged");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains(told, "nothing of acme was changed");
        assertThat(lab.shell(STARTED).ok()).isEqualTo(before);
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
        killedAt(BACKUP, instant);
        assertThat(lab.shell(RESTORE + " --list").ok()).isEqualTo(before);

        lab.shell(BACKUP).ok();

        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
        lab.shell(RESTORE + " --drill").ok();
    }

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ls /var/tmp/sum-acme-redis*/socket",
                "grep phase=stopped /var/lib/sum/acme/restoring",
                "grep phase=replacing /var/lib/sum/acme/restoring",
                PSQL + "-l | grep '^acme__before_restore|'",
                "ls /var/lib/sum/acme/restored",
            })
    void aRestoreThatIsKilledIsBroughtToItsEndByAnother(String instant) {
        // What an administrator has stopped stays so. (And celery takes its time to end.)
        lab.shell("systemctl stop sum-acme-celery; redis-cli SET wanted 1; " + BACKUP + "; redis-cli DEL wanted")
                .ok();
        killedAt(RESTORE + SURE, instant);
        if (lab.shell("test -e /var/lib/sum/acme/restoring").exit() == 0) {
            assertThat(lab.shell(BACKUP).err()).contains("a restore was interrupted");
            assertThat(lab.shell(GoldenSite.DEPLOY).err()).contains("a restore was interrupted");
        }
        if (lab.shell("grep phase=replacing /var/lib/sum/acme/restoring").exit() == 0) {
            lab.shell("systemctl start " + UNITS + "; ! systemctl is-active -q " + UNITS)
                    .ok();
        }

        lab.shell(RESTORE + SURE).ok();

        assertThat(lab.shell("redis-cli GET wanted").ok()).isEqualTo("1");
        assertThat(lab.shell("systemctl is-active " + UNITS + " || true").ok()).isEqualTo("active\nactive\ninactive");
        assertThat(lab.shell(SITE + "/health/").ok()).contains("\"status\": \"ok\"");
        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
        // What was there before the first of both is kept.
        lab.shell(RESTORE + SURE + "; systemctl start sum-acme-celery").ok();
        assertThat(lab.shell("redis-cli EXISTS wanted").ok()).isEqualTo("0");
    }

    /** As the site itself, with its own rights alone. */
    private static final String AS_SITE =
            " | psql -qAtX -v ON_ERROR_STOP=1 $(sed -n 's/^DATABASE_URL=//p' /srv/sum/acme/.env)";

    @Test
    void theSitesOwnSqlGetsNoFurtherThanTheSiteAndItsDatabaseKeepsWhatIsItsOwn() {
        // Each of them makes the role a superuser, once somebody who is one runs it.
        lab.shell("cat >/root/trap.sql <<'SQL'\n"
                        + "CREATE FUNCTION up() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN BEGIN EXECUTE 'RESET ROLE';"
                        + " EXECUTE 'RESET SESSION AUTHORIZATION'; EXECUTE 'ALTER ROLE acme SUPERUSER';"
                        + " EXCEPTION WHEN OTHERS THEN NULL; END; RETURN true; END $$;\n"
                        + "CREATE TABLE trap (id int CHECK (public.up())); INSERT INTO trap VALUES (1);\n"
                        + "CREATE SCHEMA first; CREATE FUNCTION first.format(text, name, name) RETURNS text LANGUAGE sql"
                        + " AS $$ SELECT 'x' WHERE public.up() $$;\n"
                        + "ALTER DATABASE acme SET search_path = first, public; ALTER DATABASE acme CONNECTION LIMIT 50;"
                        + " REVOKE CONNECT ON DATABASE acme FROM PUBLIC;\nSQL\n"
                        + "cat /root/trap.sql" + AS_SITE + "; " + PSQL
                        + "acme -c 'CREATE EXTENSION pg_stat_statements'")
                .ok();
        var settings = "SELECT datname, datconnlimit, datacl, setconfig FROM pg_database"
                + " JOIN pg_db_role_setting ON setdatabase = pg_database.oid WHERE datname = 'acme'";
        try {
            var before = lab.shell(PSQL + "-c \"" + settings + "\"").ok();
            assertThat(before).contains("|50|", "search_path=first");

            lab.shell(BACKUP + "; " + RESTORE + " --drill; " + RESTORE + SURE).ok();

            assertThat(lab.shell(PSQL + "-c \"SELECT rolname FROM pg_roles WHERE rolsuper\"")
                            .ok())
                    .isEqualTo("postgres");
            assertThat(lab.shell(PSQL + "-c \"" + settings + "\"").ok()).isEqualTo(before);
            assertThat(lab.shell(PSQL + "acme -c 'SELECT count(*) FROM trap' -c '\\dx'")
                            .ok())
                    .startsWith("1\n")
                    .contains("pg_stat_statements");
        } finally {
            lab.shell(PSQL + "acme -c 'ALTER ROLE acme NOSUPERUSER' -c 'ALTER DATABASE acme RESET ALL'"
                            + " -c 'DROP TABLE IF EXISTS trap' -c 'DROP SCHEMA IF EXISTS first CASCADE'"
                            + " -c 'DROP FUNCTION IF EXISTS up' -c 'DROP EXTENSION IF EXISTS pg_stat_statements'")
                    .ok();
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "s|5432/acme$|5432/postgres|; | is postgres's",
                "s|5432/acme$|5432/a23456789012345678901234567890123456789012345678|; | is too long",
                "s|//acme:|//acme:wrong|; | password authentication failed",
            },
            delimiterString = "; | ")
    void noDatabaseIsTouchedThatTheSiteHasNoRightTo(String change, String told) {
        lab.shell(BACKUP + "; cp -p /srv/sum/acme/.env /root/env; sed -i '/^DATABASE_URL/" + change
                        + "' /srv/sum/acme/.env")
                .ok();
        try {
            var refused = lab.shell(RESTORE + SURE);

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains(told);
            assertThat(lab.shell("systemctl is-active " + UNITS).ok()).isEqualTo("active\nactive\nactive");
        } finally {
            lab.shell("cp -p /root/env /srv/sum/acme/.env").ok();
        }
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
    void eachRedisOfTheSiteIsBackedUpAndNeitherGetsWhatIsTheOthers() {
        lab.shell("systemctl stop sum-acme-celery; " + BACKUP + "; cp -p /srv/sum/acme/.env /root/env;"
                        + " install -d -o redis -g redis -m 0750 /var/lib/redis/cache; systemd-run -q --unit=cache --uid=redis"
                        + " redis-server --port 6380 --dir /var/lib/redis/cache; until redis-cli -p 6380 PING; do sleep .05; done;"
                        + " sed -i '/^REDIS_URL/s/6379/6380/' /srv/sum/acme/.env; systemctl restart sum-acme-gunicorn")
                .ok();
        try {
            var refused = lab.shell(RESTORE + SURE);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("REDIS_URL led to 127.0.0.1:6379", "127.0.0.1:6380", "nothing of acme was changed");
            // One of an earlier version, which had no more than one server and did not say which.
            lab.shell("rm -rf /root/old; cp -a $(" + NEWEST
                            + ") /root/old; cd /root/old; sed -i '/_place\\|redis_servers/d'"
                            + " manifest; sha256sum d* r* k* m* >SHA256SUMS")
                    .ok();
            assertThat(lab.shell(RESTORE + SURE + " --from /root/old").err())
                    .contains("CELERY_BROKER_URL led to 127.0.0.1:6380", "nothing of acme was changed");

            lab.shell("redis-cli SET queued 1; redis-cli -p 6380 SET cached 1; " + BACKUP + "; " + RESTORE
                            + " --drill; redis-cli DEL queued; redis-cli -p 6380 SET later 1; " + RESTORE + SURE
                            + " --from $(" + NEWEST + ")")
                    .ok();

            assertThat(lab.shell("redis-cli EXISTS queued; redis-cli EXISTS cached")
                            .ok())
                    .isEqualTo("1\n0");
            assertThat(lab.shell("for key in cached queued later; do redis-cli -p 6380 EXISTS $key; done")
                            .ok())
                    .isEqualTo("1\n0\n0");
            assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
        } finally {
            lab.shell("cp -p /root/env /srv/sum/acme/.env; systemctl stop cache; redis-cli DEL queued;"
                            + " systemctl restart sum-acme-gunicorn sum-acme-celery; " + BACKUP)
                    .ok();
        }
    }

    @Test
    void aRestoreWhoseTerminalGoesStartsTheSiteAgainOrSaysThatItDidNot() {
        lab.shell(BACKUP).ok();
        endedAt("HUP", RESTORE + SURE, "grep phase=stopped /var/lib/sum/acme/restoring");
        assertThat(lab.shell("systemctl is-active " + UNITS).ok()).isEqualTo("active\nactive\nactive");
        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();

        endedAt("HUP", RESTORE + SURE, "grep phase=replacing /var/lib/sum/acme/restoring");
        assertThat(lab.shell("journalctl -u killed --no-pager").ok())
                .containsPattern("is stopped, and its data is partly restored|acme is restored");
        lab.shell(RESTORE + SURE).ok();
    }

    @Test
    void whatAKilledRestoreHasLeftIsFinishedAndIsNoReasonToRestoreNothing() {
        lab.shell("redis-cli SET wanted 1; " + BACKUP + "; redis-cli DEL wanted;"
                        + " printf 'phase=replacing\nfrom=%s\nunits=sum-acme-gunicorn.service\n' \"$(" + NEWEST
                        + ")\" >/var/lib/sum/acme/restored")
                .ok();

        var out = lab.shell(RESTORE + SURE + " --from $(" + NEWEST + ")");

        assertThat(out.err()).contains("an earlier restore was killed");
        assertThat(out.exit()).isZero();
        assertThat(lab.shell("redis-cli GET wanted; redis-cli DEL wanted >/dev/null; ls /var/lib/sum/acme")
                        .ok())
                .startsWith("1\n")
                .doesNotContain("restored");
    }

    /** Runs that until the condition holds, and kills every process of it then. */
    private void killedAt(String command, String condition) {
        endedAt("KILL", command, condition);
    }

    private void endedAt(String signal, String command, String condition) {
        lab.shell("rm -rf /var/tmp/sum-acme-redis*; systemd-run -q --collect --unit=killed " + command + "; until "
                        + condition
                        + " >/dev/null 2>&1; do systemctl is-active -q killed; done; systemctl kill -s " + signal
                        + " killed || true;"
                        + " while systemctl is-active -q killed; do sleep .05; done")
                .ok();
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
