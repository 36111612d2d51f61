package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A site's units as the package's own script renders them, in the eyes of systemd and of redis-warden. */
@InEveryLab
class SiteTemplatesLabTest {

    private static final String SCRIPT = "/usr/share/redis-warden/scripts/render_site.sh";
    private static final List<String> NAMES = List.of(
            "--site-slug",
            "acme-shop",
            "--deploy-user",
            "deploy",
            "--project-module",
            "acme.web",
            "--domain",
            "shop.test");

    private final Lab lab;

    SiteTemplatesLabTest(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void anEmptyDirectory() {
        lab.shell("rm -rf /root/site && mkdir /root/site").ok();
    }

    @Test
    void systemdFindsNothingWrongAndRedisWardenTheOrderThatItWants() {
        render(NAMES).ok();
        assertThat(lab.shell("cd /root/site && ls | paste -sd ' '").ok())
                .isEqualTo("acme-shop.caddy acme-shop.env.example sum-acme-shop-backup.service"
                        + " sum-acme-shop-backup.timer sum-acme-shop-celery-beat.service"
                        + " sum-acme-shop-celery.service sum-acme-shop-gunicorn.service sum-acme-shop-gunicorn.socket");
        assertThat(lab.shell("grep -rE '__[A-Z_]+__' /root/site || true").ok()).isEmpty();

        lab.shell(
                        "useradd deploy; useradd caddy; mkdir -p /srv/sum/acme-shop/app /srv/sum/acme-shop/venv/bin;"
                                + " ln -sf /usr/bin/env /srv/sum/acme-shop/venv/bin/python;"
                                + " cp /root/site/*.service /root/site/*.socket /root/site/*.timer /etc/systemd/system; systemctl daemon-reload")
                .ok();
        var verified = lab.shell("systemd-analyze verify /etc/systemd/system/sum-* 2>&1");
        assertThat(verified.ok()).isEmpty();

        var after = "systemctl show -P After ";
        assertThat(lab.shell(after + "sum-acme-shop-celery").ok()).contains("redis-server.service");
        assertThat(lab.shell(after + "sum-acme-shop-celery-beat").ok()).contains("redis-server.service");
        assertThat(lab.shell(after + "sum-acme-shop-gunicorn").ok()).doesNotContain("redis-server.service");
        assertThat(lab.shell("systemctl show -P Wants sum-acme-shop-gunicorn").ok())
                .contains("redis-server.service");
        var ordering = lab.exec("redis-warden", "check", "--only", "ordering");
        assertThat(ordering.exit()).as(ordering.toString()).isZero();
        assertThat(ordering.out()).startsWith("ok");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--site-slug      | a b",
                "--site-slug      | Shop",
                "--site-slug      | a/../b",
                "--site-slug      | a--b",
                "--deploy-user    | root;reboot",
                "--deploy-user    | %n",
                "--project-module | mysite:app",
                "--project-module | my-site",
                "--domain         | https://shop.test",
                "--domain         | shop.test { respond",
                "--domain         | *.test",
            })
    void aNameThatWouldBreakAUnitIsRefusedAndNothingIsWritten(String option, String value) {
        var refused = render(replaced(option, value));

        assertThat(refused.exit()).isEqualTo(64);
        assertThat(refused.err().lines()).singleElement().asString().contains(option + " must be ");
        assertThat(lab.shell("ls /root/site").ok()).isEmpty();
    }

    @Test
    void aNewlineIsNoWayIntoAUnit() {
        var refused = render(replaced("--site-slug", "shop\nExecStartPre=/bin/true"));

        assertThat(refused.exit()).isEqualTo(64);
        assertThat(refused.err().lines()).hasSize(1);
        assertThat(lab.shell("ls /root/site").ok()).isEmpty();
    }

    @Test
    void aTemplateWithAPlaceholderThatHasNoValueIsRefused() {
        lab.shell("echo 'User=__DEPLOY_USR__' >/root/own.template").ok();
        var words = new ArrayList<>(NAMES);
        words.add("/root/own.template");

        var refused = lab.exec(command(words));

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err()).contains("/root/own.template has __DEPLOY_USR__, which has no value");
    }

    private Result render(List<String> names) {
        var words = new ArrayList<>(names);
        words.addAll(List.of("--out", "/root/site"));
        return lab.exec(command(words));
    }

    private static String[] command(List<String> words) {
        var command = new ArrayList<>(List.of(SCRIPT));
        command.addAll(words);
        return command.toArray(String[]::new);
    }

    private static List<String> replaced(String option, String value) {
        var names = new ArrayList<>(NAMES);
        names.set(names.indexOf(option) + 1, value);
        return names;
    }
}
