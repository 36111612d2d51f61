package dev.rediswarden.lab;

import static dev.rediswarden.lab.GoldenSite.DEPLOY;
import static dev.rediswarden.lab.GoldenSite.PROVISION;
import static dev.rediswarden.lab.GoldenSite.SCRIPTS;
import static dev.rediswarden.lab.GoldenSite.SITE;
import static dev.rediswarden.lab.GoldenSite.publish;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a Debian with nothing on it to a site that works: Django, gunicorn, celery, Postgres and Caddy of its own
 * packages, by the scripts alone. The site is {@code src/test/site}, in a repository that the host clones.
 */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class GoldenPathLabTest {

    private GoldenSite site;
    private Lab lab;

    @BeforeAll
    void provisionAndDeploy() {
        site = GoldenSite.up();
        lab = site.lab;
    }

    @AfterAll
    void close() {
        site.close();
    }

    @Test
    void theSiteAnswersThroughCaddyAndItsTaskIsCarriedOut() {
        site.provisioned.ok();
        site.deployed.ok();

        assertThat(lab.shell(SITE + "/health/").ok()).contains("\"status\": \"ok\"");
        lab.shell(SITE + "/queue/first/ | grep -x queued").ok();
        lab.await("the task", SITE + "/done/first/ | grep -x done");
        assertThat(lab.shell(SCRIPTS + "smoke.sh").ok())
                .contains("acme /health/")
                .doesNotContain("FAILED");
        // A lab's data lie on an overlay, and its kernel is this machine's.
        assertThat(lab.shell("redis-warden check --wait 30s").ok().lines())
                .filteredOn(line -> line.matches("\\S+ +(degraded|unhealthy|unknown) .*"))
                .allMatch(line -> line.startsWith("kernel ") || line.matches("files .* overlay.*"));
        assertThat(lab.shell(SCRIPTS + "smoke.sh --json | python3 -m json.tool").ok())
                .contains("\"status\": \"ok\"");
    }

    @Test
    void aSecondRunChangesNothing() {
        var before = lab.shell(STATE).ok();

        var again = lab.shell(PROVISION);

        assertThat(again.ok().lines()).isNotEmpty().allMatch(line -> line.startsWith("ok      "));
        assertThat(again.err()).contains("nothing was to be changed");
        assertThat(lab.shell(STATE).ok()).isEqualTo(before);
    }

    private static final String STATE = "find /srv/sum /etc/systemd/system /etc/caddy /etc/redis /var/log/sum"
            + " ! -type d ! -path '*/.git*' -printf '%p %m %u %T@ %i\\n' | sort; ufw status";

    @Test
    void secretsAreTheSitesAloneAndInNoOutput() {
        assertThat(lab.shell("stat -c '%U %a' /srv/sum/acme/.env").ok()).isEqualTo("deploy 600");
        for (var name : new String[] {"DJANGO_SECRET_KEY", "DATABASE_URL"}) {
            var secret = lab.shell("sed -n 's/^" + name + "=.*[:=]\\([0-9a-f]\\{40,\\}\\).*/\\1/p;s/^" + name
                            + "=\\([0-9a-f]\\{40,\\}\\)$/\\1/p' /srv/sum/acme/.env | head -n 1")
                    .ok();
            assertThat(secret).as(name).matches("[0-9a-f]{40,}");
            assertThat(site.provisioned.toString() + site.deployed).doesNotContain(secret);
            assertThat(lab.shell("journalctl --no-pager | grep -c " + secret + " || true")
                            .ok())
                    .isEqualTo("0");
        }
    }

    /** How to break Redis, what is told of it, and how to mend it. */
    private record Trouble(String name, String marker, String make, String told, String mend) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Trouble> troubles() {
        return Stream.of(
                new Trouble(
                        "stopped",
                        "stop",
                        "systemctl stop redis-server",
                        "Connection refused",
                        "redis-warden apply --units"),
                new Trouble(
                        "a password that the site has not",
                        "noauth",
                        "redis-cli CONFIG SET requirepass another",
                        "NOAUTH",
                        "REDISCLI_AUTH=another redis-cli CONFIG SET requirepass ''"),
                new Trouble(
                        "no snapshot can be written",
                        "misconf",
                        "redis-cli CONFIG SET rdbcompression yes; redis-cli SET a b; chmod 0500 /var/lib/redis;"
                                + " chown root: /var/lib/redis; redis-cli BGSAVE;"
                                + " until redis-cli INFO persistence | grep rdb_last_bgsave_status:err; do sleep .05; done",
                        "MISCONF",
                        "chown redis: /var/lib/redis; chmod 0750 /var/lib/redis; redis-cli BGSAVE;"
                                + " until redis-cli INFO persistence | grep rdb_last_bgsave_status:ok; do sleep .05; done"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void aDeployStopsBeforeItsMigrationsAndSaysWhy(Trouble trouble) {
        var marker = "after_" + trouble.marker();
        push(marker);
        var before = lab.shell(REVISION).ok();
        lab.shell(trouble.make()).ok();

        var refused = lab.shell(DEPLOY);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err().lines().filter(line -> line.contains("Redis check failed: ")))
                .singleElement()
                .asString()
                .contains(trouble.told(), "; mend with: ")
                .doesNotContain(":  ")
                .matches(line -> trouble.marker().equals("stop")
                        == line.endsWith(". Ensure Redis is running: sudo systemctl status redis-server"));
        assertThat(lab.shell(MIGRATIONS).ok()).doesNotContain(marker);
        assertThat(lab.shell(REVISION).ok()).isEqualTo(before);

        lab.shell(trouble.mend()).ok();
        lab.shell(DEPLOY).ok();
        assertThat(lab.shell(MIGRATIONS).ok()).contains(marker);
    }

    @Test
    void whatIsNoTroubleOfRedissIsToldAsWhatItIs() {
        var configuration = "/etc/redis-warden/redis-warden.toml";
        lab.shell("cp -p " + configuration + " /root/kept.toml; echo nonsense = 1 >>" + configuration)
                .ok();
        try {
            var refused = lab.shell(DEPLOY);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("redis-warden's configuration is bad; mend with: sudo redis-warden config")
                    .doesNotContain("Ensure Redis is running");
            assertThat(lab.shell(SCRIPTS + "smoke.sh").out())
                    .containsPattern("FAILED +acme .env +nothing is known of it");
        } finally {
            lab.shell("cp -p /root/kept.toml " + configuration).ok();
        }
        assertThat(lab.shell(SCRIPTS + "deploy.sh --site-slug other").err()).contains("there are: acme");
        var module = lab.shell(PROVISION + " --project-module shop");
        assertThat(module.exit()).isEqualTo(1);
        assertThat(module.err()).contains("there is no shop/wsgi.py in /srv/sum/acme/app; there are: acme");
        lab.shell("sed -i.kept /^CELERY_BROKER_URL=/d /srv/sum/acme/.env").ok();
        try {
            assertThat(lab.shell(DEPLOY).err())
                    .contains("Redis check failed: CELERY_BROKER_URL: CELERY_BROKER_URL is not set");
        } finally {
            lab.shell("mv /srv/sum/acme/.env.kept /srv/sum/acme/.env; chown deploy: /srv/sum/acme/.env;"
                            + " chmod 0600 /srv/sum/acme/.env")
                    .ok();
        }
    }

    @Test
    void aRepositoryOfAnotherUserIsToldWithItsOwner() {
        lab.shell("cp -a /srv/acme.git /srv/theirs.git; chown -R root: /srv/theirs.git;"
                        + " git config --system --unset-all safe.directory")
                .ok();
        try {
            var refused = lab.shell(SCRIPTS + "provision_vps.sh --site-slug theirs --deploy-user deploy"
                    + " --system-site-packages --repo /srv/theirs.git");
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("which is root's and not deploy's: sudo chown -R deploy: /srv/theirs.git");
            lab.shell("chown -R deploy: /srv/theirs.git; runuser -u deploy -- git ls-remote -q /srv/theirs.git")
                    .ok();
        } finally {
            lab.shell(
                            "git config --system safe.directory '*'; rm -rf /srv/theirs.git /srv/sum/theirs /var/lib/sum/theirs"
                                    + " /var/log/sum/theirs")
                    .ok();
        }
    }

    @Test
    void withoutRedisWardenADeployAsksRedisItselfAndWithoutItsClientNobody() {
        var deploy = DEPLOY + " --no-restart";
        lab.shell("mv /usr/bin/redis-warden /root; redis-cli CONFIG SET requirepass another")
                .ok();
        try {
            var refused = lab.shell(deploy);
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("Redis check failed: PING was answered with: NOAUTH", "nothing was migrated")
                    .doesNotContain("Ensure Redis is running");

            lab.shell("REDISCLI_AUTH=another redis-cli CONFIG SET requirepass ''; systemctl stop redis-server")
                    .ok();
            assertThat(lab.shell(deploy).err())
                    .contains(
                            "Redis check failed: PING was answered with: Could not connect",
                            "Ensure Redis is running: sudo systemctl status redis-server");

            lab.shell("systemctl start redis-server; mv /usr/bin/redis-cli /root")
                    .ok();
            var blind = lab.shell(deploy);
            blind.ok();
            assertThat(blind.err()).contains("neither redis-warden nor redis-cli is here: Redis was not checked");
        } finally {
            lab.shell("mv /root/redis-warden /usr/bin; [ ! -e /root/redis-cli ] || mv /root/redis-cli /usr/bin;"
                            + " systemctl start redis-server")
                    .ok();
        }
        lab.shell(deploy).ok();
    }

    private static final String MIGRATIONS =
            "runuser -u postgres -- psql -qAt acme -c 'select name from django_migrations'";
    private static final String REVISION = "runuser -u deploy -- git -C /srv/sum/acme/app rev-parse HEAD";

    @Test
    void aSiteThatIsNotWellAfterwardsRunsAsBefore() {
        var before = lab.shell(REVISION).ok();
        lab.shell("cd /srv/site; cp acme/urls.py /root; sed -i 's|health/|elsewhere/|' acme/urls.py; "
                        + publish("broken"))
                .ok();

        var refused = lab.shell(DEPLOY);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("answers 404", before.substring(0, 12) + " runs again");
        assertThat(lab.shell(REVISION).ok()).isEqualTo(before);
        assertThat(lab.shell(SITE + "/health/").ok()).contains("\"status\": \"ok\"");
        lab.shell("cd /srv/site; cp /root/urls.py acme; " + publish("mended") + "; " + DEPLOY)
                .ok();
    }

    @Test
    void aRebootChangesNothing() {
        lab.shell("redis-cli SET before-the-boot here; systemctl stop sum-acme-celery; " + SITE + "/queue/waiting/")
                .ok();

        lab.reboot();

        lab.await("the site", SITE + "/health/ | grep '\"status\": \"ok\"'");
        assertThat(lab.shell("redis-cli GET before-the-boot").ok()).isEqualTo("here");
        lab.await("the task that was queued before", SITE + "/done/waiting/ | grep -x done");
        assertThat(lab.shell(SCRIPTS + "smoke.sh").ok()).doesNotContain("FAILED");
    }

    @Test
    void whatAnEarlierVersionMadeIsTakenOver() {
        lab.shell("chown deploy: /srv/sum/acme /srv/sum/acme/backups; "
                        + "runuser -u postgres -- psql -qc 'COMMENT ON ROLE acme IS NULL'")
                .ok();

        var again = lab.shell(PROVISION);

        assertThat(again.ok().lines())
                .filteredOn(line -> !line.startsWith("ok      "))
                .containsExactlyInAnyOrder(
                        "done    /srv/sum/acme, of root, 0755",
                        "done    /srv/sum/acme/backups, of root, 0700",
                        "done    Postgres role acme is marked as the site's");
        // Not what its user has laid there meanwhile.
        lab.shell(
                        "chown deploy: /srv/sum/acme; runuser -u deploy -- sh -c 'cd /srv/sum/acme; mv media m; ln -s /etc media'")
                .ok();
        assertThat(lab.shell(PROVISION).err()).contains("/srv/sum/acme/media is a symbolic link");
        lab.shell("cd /srv/sum/acme; rm media; mv m media; test $(stat -c %U /etc) = root; " + PROVISION)
                .ok();
    }

    @Test
    void noRoleOrDatabaseOfAnotherIsTakenOver() {
        var hash =
                "runuser -u postgres -- psql -qAtc \"SELECT rolpassword FROM pg_authid WHERE rolname = 'foreign_app'\"";
        lab.shell("runuser -u postgres -- psql -qc \"CREATE ROLE foreign_app LOGIN PASSWORD 'its own'\""
                        + " -c 'CREATE DATABASE foreign_app OWNER foreign_app'")
                .ok();
        var before = lab.shell(hash).ok();

        var refused = lab.shell(
                SCRIPTS + "provision_vps.sh --site-slug foreign-app --deploy-user deploy --system-site-packages");

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("Postgres has a role foreign_app already");
        assertThat(lab.shell(hash).ok()).isEqualTo(before);
        assertThat(lab.shell(SCRIPTS + "provision_vps.sh --site-slug postgres --deploy-user deploy")
                        .exit())
                .isEqualTo(64);
        lab.shell("systemctl stop postgresql@15-main").ok();
        try {
            assertThat(lab.shell(PROVISION).err())
                    .contains("Postgres does not answer")
                    .doesNotContain("is not: restore");
        } finally {
            lab.shell("systemctl start postgresql@15-main").ok();
        }
    }

    @Test
    void theFirewallLocksNobodyOut() {
        lab.shell("ufw --force disable; ufw delete allow 22/tcp").ok();

        var refused = lab.shell(PROVISION);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("no ssh server is found", "sudo ufw allow 22/tcp");
        assertThat(lab.shell("ufw status").ok()).contains("inactive");
        // Of a session that sudo has kept the address from.
        lab.shell("SSH_CONNECTION='192.0.2.1 40000 192.0.2.2 2222' sh -c 'env -u SSH_CONNECTION " + PROVISION
                        + "; exit'")
                .ok();
        assertThat(lab.shell("ufw status").ok()).contains("Status: active").containsPattern("(?m)^2222/tcp +ALLOW");
        lab.shell("ufw allow 22/tcp; ufw delete allow 2222/tcp").ok();
    }

    @Test
    void aBranchThatWasDeployedIsFollowedUntilAnotherIsNamed() {
        lab.shell("cd /srv/site; runuser -u deploy -- git push -q /srv/acme.git main:production; " + DEPLOY
                        + " --ref production; echo '# unreleased' >>acme/urls.py; " + publish("unreleased"))
                .ok();
        var before = lab.shell(REVISION).ok();

        lab.shell(DEPLOY).ok();
        assertThat(lab.shell(REVISION).ok()).isEqualTo(before);
        // Of an earlier version, which has not written it down.
        lab.shell("rm /var/lib/sum/acme/ref; " + DEPLOY).ok();
        assertThat(lab.shell(REVISION).ok()).isEqualTo(before);

        lab.shell(DEPLOY + " --ref " + before).ok();
        var refused = lab.shell(DEPLOY);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("which is no branch of origin", "--ref");
        lab.shell(DEPLOY + " --ref main").ok();
        assertThat(lab.shell(REVISION).ok()).isNotEqualTo(before);
    }

    @Test
    void aDeployThatIsBrokenOffLeavesTheCodeAndThePackagesBefore() {
        var version = "/srv/sum/acme/venv/bin/python -c 'import importlib.metadata as m; print(m.version(\"told\"))'";
        wheel(1);
        lab.shell("cd /srv/site; " + publish("one") + "; " + DEPLOY).ok();
        assertThat(lab.shell(version).ok()).isEqualTo("1");
        var before = lab.shell(REVISION).ok();
        wheel(2);
        lab.shell("cd /srv/site; mkfifo -m 666 /run/never; last=" + LAST
                        + "; printf 'from django.db import migrations\\n\\n\\n"
                        + "def wait(apps, editor):\\n    open(\"/run/never\")\\n\\n\\nclass Migration(migrations.Migration):\\n"
                        + "    dependencies = [(\"acme\", \"%s\")]\\n    operations = [migrations.RunPython(wait)]\\n'"
                        + " \"$last\" >acme/migrations/9999_wait.py; " + publish("two"))
                .ok();
        lab.shell(
                        "systemd-run -q --unit=broken-off " + DEPLOY
                                + "; until systemctl is-active -q sum-acme-manage; do"
                                + " systemctl is-active -q broken-off; done; systemctl kill -s HUP broken-off;"
                                + " while systemctl is-active -q broken-off; do sleep .05; done; systemctl reset-failed broken-off || true")
                .ok();

        assertThat(lab.shell(REVISION).ok()).isEqualTo(before);
        assertThat(lab.shell(version).ok()).isEqualTo("1");
        assertThat(lab.shell("systemctl is-active sum-acme-manage || true").ok())
                .isEqualTo("inactive");
        lab.shell("cd /srv/site; rm told* acme/migrations/9999_wait.py; : >requirements.txt; " + publish("mended")
                        + "; " + DEPLOY)
                .ok();
    }

    /** A package that the site requires from now on, of that version. */
    private void wheel(int version) {
        lab.shell("cd /srv/site; rm -f told*; echo /srv/sum/acme/app/told-" + version
                        + "-py3-none-any.whl >requirements.txt; python3 -c 'import zipfile\nv = \"" + version
                        + "\"\nz = zipfile.ZipFile(\"told-\" + v + \"-py3-none-any.whl\", \"w\")\nd = \"told-\" + v + \".dist-info/\"\n"
                        + "z.writestr(d + \"METADATA\", \"Metadata-Version: 2.1\\nName: told\\nVersion: \" + v)\n"
                        + "z.writestr(d + \"WHEEL\", \"Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\")\n"
                        + "z.writestr(d + \"RECORD\", \"\")\nz.close()'")
                .ok();
    }

    @Test
    void changesOfNoCommitAreNotDeployedOver() {
        lab.shell("echo '# by hand' >>/srv/sum/acme/app/manage.py").ok();

        var refused = lab.shell(DEPLOY);

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("changes that are in no commit", "manage.py");
        lab.shell("runuser -u deploy -- git -C /srv/sum/acme/app checkout -q manage.py")
                .ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"provision_vps.sh", "deploy.sh", "smoke.sh", "render_site.sh"})
    void everyScriptHasHelpAndRefusesWhatItDoesNotKnow(String script) {
        assertThat(lab.shell(SCRIPTS + script + " --help").ok()).contains("Usage:");
        var refused = lab.shell(SCRIPTS + script + " --no-such-option");
        assertThat(refused.exit()).isEqualTo(64);
        assertThat(refused.err().lines()).singleElement().asString().contains("--no-such-option");
    }

    private static final String LAST = "$(ls acme/migrations | grep -o '^[0-9]\\{4\\}_[a-z0-9_]*' | tail -n 1)";

    private void push(String marker) {
        lab.shell("cd /srv/site; last=" + LAST + "; n=$(printf %04d $((1${last%%_*} - 9999)));"
                        + " printf 'from django.db import migrations\\n\\n\\nclass Migration(migrations.Migration):\\n"
                        + "    dependencies = [(\"acme\", \"%s\")]\\n    operations = []\\n' \"$last\""
                        + " >\"acme/migrations/${n}_" + marker + ".py\"; " + publish(marker))
                .ok();
    }
}
