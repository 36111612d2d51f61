package dev.rediswarden.lab;

import static dev.rediswarden.lab.Backups.BACKUP;
import static dev.rediswarden.lab.Backups.LEFTOVERS;
import static dev.rediswarden.lab.Backups.NEWEST;
import static dev.rediswarden.lab.Backups.PSQL;
import static dev.rediswarden.lab.Backups.RESTORE;
import static dev.rediswarden.lab.Backups.STARTED;
import static dev.rediswarden.lab.Backups.SURE;
import static dev.rediswarden.lab.Backups.UNITS;
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

/** A site restored from a backup, and all that may go wrong about it. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class RestoreLabTest {

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
        lab.shell("redis-cli SET later 1").ok();
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
        lab.shell("rm -rf /root/damaged; cp -a $(" + NEWEST + ") /root/damaged; cd /root/damaged; " + damage)
                .ok();
        var before = lab.shell(STARTED).ok();

        var refused = lab.shell(RESTORE + SURE + " --from /root/damaged");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains(told, "nothing of acme was changed");
        assertThat(lab.shell(STARTED).ok()).isEqualTo(before);
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
        backups.killedAt(RESTORE + SURE, instant);
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

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    @Test
    void aRestoreThatIsKilledAmongTheKeysIsBroughtToItsEndByAnother() {
        lab.shell("systemctl stop sum-acme-celery; seq 300000 | sed 's/.*/SET many:& &/' | redis-cli --pipe; " + BACKUP
                        + "; redis-cli FLUSHDB")
                .ok();
        try {
            backups.killedAt(RESTORE + SURE, "test $(redis-cli DBSIZE) -gt 1000");
            assertThat(Integer.parseInt(lab.shell("redis-cli DBSIZE").ok())).isBetween(1000, 299_999);
            assertThat(lab.shell("cat /var/lib/sum/acme/restoring").ok()).contains("phase=replacing");

            lab.shell(RESTORE + SURE).ok();

            assertThat(lab.shell(
                                    "redis-cli EXISTS many:1 many:150000 many:300000; redis-cli --scan --pattern 'many:*' | wc -l")
                            .ok())
                    .isEqualTo("3\n300000");
            assertThat(lab.shell(SITE + "/health/").ok()).contains("\"status\": \"ok\"");
            assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
        } finally {
            lab.shell("redis-cli FLUSHDB; systemctl start sum-acme-celery; " + BACKUP)
                    .ok();
        }
    }

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    @Test
    void whatHasNoRoomIsNotBegun() {
        lab.shell(PSQL + "acme -c \"" + BULK + "\"; " + BACKUP + "; " + PSQL + "acme -c 'DROP TABLE bulk'")
                .ok();
        var before = lab.shell(STARTED).ok();
        lab.disk("/var/tmp", "16M");
        try {
            var refused = lab.shell(RESTORE + SURE);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("has no place in /var/tmp", "nothing of acme was changed");
        } finally {
            lab.shell("umount /var/tmp").ok();
        }
        assertThat(lab.shell(STARTED).ok()).isEqualTo(before);

        // As much as the table takes and some more, but not what Postgres writes of it in its log as well.
        try {
            lab.shell("systemctl stop postgresql; mv /var/lib/postgresql /var/lib/before")
                    .ok();
            lab.disk("/var/lib/postgresql", "400M");
            lab.shell(
                            "chown postgres: /var/lib/postgresql; cp -a /var/lib/before/. /var/lib/postgresql; systemctl start postgresql;"
                                    + " fallocate -l $(($(df --output=avail -B1 /var/lib/postgresql | tail -n 1) - 160000000)) /var/lib/postgresql/full")
                    .ok();
            lab.await("Postgres", PSQL + "-c 'SELECT 1'");

            var refused = lab.shell(RESTORE + SURE);

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("has no place in /var/lib/postgresql", "nothing of acme was changed");
            assertThat(lab.shell("grep -c PANIC /var/log/postgresql/*.log || true")
                            .ok())
                    .isEqualTo("0");
            lab.await("the site", SITE + "/health/ | grep '\"status\": \"ok\"'");
            assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();
        } finally {
            lab.shell("systemctl stop postgresql; mountpoint -q /var/lib/postgresql && umount /var/lib/postgresql;"
                            + " rm -rf /var/lib/postgresql;"
                            + " mv /var/lib/before /var/lib/postgresql; systemctl start postgresql; " + BACKUP)
                    .ok();
        }
    }

    /** Some 100 MB, of which little can be compressed. */
    static final String BULK = "CREATE TABLE bulk AS SELECT string_agg(md5(i::text || j::text), '') AS text"
            + " FROM generate_series(1, 300000) i, generate_series(1, 10) j GROUP BY i";

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
        lab.shell("cp -p /srv/sum/acme/.env /root/env; sed -i '/^DATABASE_URL/" + change + "' /srv/sum/acme/.env")
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

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
    @Test
    void aRestoreWhoseTerminalGoesStartsTheSiteAgainOrSaysThatItDidNot() {
        lab.shell(BACKUP).ok();
        backups.endedAt("HUP", RESTORE + SURE, "grep phase=stopped /var/lib/sum/acme/restoring");
        assertThat(lab.shell("systemctl is-active " + UNITS).ok()).isEqualTo("active\nactive\nactive");
        assertThat(lab.shell(LEFTOVERS).ok()).isEmpty();

        backups.endedAt("HUP", RESTORE + SURE, "grep phase=replacing /var/lib/sum/acme/restoring");
        assertThat(lab.shell("journalctl -u killed --no-pager").ok())
                .containsPattern("is stopped, and its data is partly restored|acme is restored");
        lab.shell(RESTORE + SURE).ok();
    }

    @EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
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
}
