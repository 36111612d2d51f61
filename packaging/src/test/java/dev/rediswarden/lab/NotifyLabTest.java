package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is configured to be told is told at once, and once, whatever becomes of the receiver. */
@ExtendWith(RootRequired.class)
@TestInstance(Lifecycle.PER_CLASS)
class NotifyLabTest {

    private static final String TOML = "/etc/redis-warden/redis-warden.toml";
    private static final String UNIT = "redis-warden-notify.service";
    private static final String GOT = "/run/got";

    /** Answers each POST with the code that a file says, and writes down when it came, its key, and what is in it. */
    private static final String RECEIVER = """
        use strict; use IO::Socket::INET; use Time::HiRes; $SIG{PIPE} = 'IGNORE';
        my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 8099, Listen => 50, ReuseAddr => 1) or die;
        while (my $client = $server->accept) {
            my ($length, $key, $body) = (0, '', '');
            my $at = Time::HiRes::time();
            while (my $line = <$client>) {
                $length = $1 if $line =~ /^content-length: (\\d+)/i;
                $key = $1 if $line =~ /^idempotency-key: (\\S+)/i;
                last if $line =~ /^\\r?$/;
            }
            read $client, $body, $length;
            my $code = do { open my $file, '<', '/run/code'; readline $file }; chomp $code;
            open my $log, '>>', '/run/got';
            printf $log "%d %s %s %s\\n", $at * 1000, $code, $key, $body;
            close $log;
            print $client "HTTP/1.1 $code X\\r\\nLocation: http://127.0.0.1:1/\\r\\nContent-Length: 0\\r\\n\\r\\n";
            close $client;
        }
        """;

    private Lab lab;
    private Agent agent;

    @BeforeAll
    void installed() {
        lab = Lab.up("bookworm");
        lab.install(InstalledLabs.deb()).ok();
        agent = lab.agent();
    }

    @AfterAll
    void down() {
        lab.close();
    }

    @BeforeEach
    void aReceiver() {
        new Site(lab).write("/root/receiver.pl", RECEIVER);
        lab.shell("cp -a " + TOML + " /root/toml; echo 200 >/run/code; : >" + GOT)
                .ok();
        receiverUp();
    }

    @AfterEach
    void asInstalled() {
        lab.shell("cp -a /root/toml " + TOML
                        + "; systemctl unmask --runtime redis-server; systemctl start redis-server;"
                        + " systemctl stop receiver || true; systemctl reload redis-warden; systemctl stop " + UNIT
                        + "; rm -rf /var/lib/redis-warden/notify")
                .ok();
        agent.awaitStatus(200);
    }

    @Test
    void aRedisThatIsKilledForGoodIsToldAtOnce() {
        receivers("every = \"0s\"");
        List<Long> took = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            agent.awaitStatus(200);
            idle();
            lab.shell(": >" + GOT + "; systemctl mask -q --runtime redis-server")
                    .ok();
            long killed = Long.parseLong(lab.shell("date +%s%3N; systemctl kill -s KILL redis-server")
                    .ok());
            lab.await("the call", "grep -q '\"check\":\"ping\",\"from\":\"ok\",\"to\":\"unhealthy\"' " + GOT);
            took.add(Long.parseLong(
                            lab.shell("head -n 1 " + GOT + " | cut -d' ' -f1").ok())
                    - killed);
            lab.shell("systemctl unmask -q --runtime redis-server; systemctl start redis-server")
                    .ok();
            lab.await("that all is well", "grep -q '\"check\":\"ping\",\"from\":\"unhealthy\",\"to\":\"ok\"' " + GOT);
        }
        took.sort(null);
        System.out.println("notify: Redis killed for good to the webhook called in " + lab + ", ms: " + took);
        // The figure is for a quiet machine; here it must be the first try that came through.
        assertThat(took.get(took.size() / 2)).as("median of %s ms", took).isLessThanOrEqualTo(10_000);
    }

    @Test
    void aReceiverThatIsAwayThenFailsThenIsBackGetsEachChangeOnceAndInOrder() {
        receivers("every = \"0s\"");
        agent.awaitStatus(200);
        idle();
        lab.exec("systemctl", "stop", "receiver").ok();
        killed();
        lab.await("what waits", "redis-warden notify | grep -q 'changes wait since .*refused'");
        back();
        assertThat(lab.exec("redis-warden", "notify").ok()).contains("ops (webhook): ");
        lab.shell("echo 500 >/run/code").ok();
        receiverUp();
        lab.await("a try", "grep -q ' 500 ' " + GOT);
        // While it is away the agent is restarted, which doubles nothing, and no Java waits for long.
        lab.exec("systemctl", "restart", "redis-warden").ok();
        agent.awaitStatus(200);
        lab.shell("echo 200 >/run/code").ok();
        lab.await("delivery", "redis-warden notify | grep -q 'nothing waits'");
        idle();

        var accepted = lab.shell("grep ' 200 ' " + GOT).ok();
        assertThat(changes(accepted, "ping")).containsExactly("ok>unhealthy", "unhealthy>ok");
        assertThat(changes(accepted, "overall"))
                .startsWith("ok>unhealthy")
                .last()
                .asString()
                .doesNotEndWith("unhealthy");
        assertThat(lab.shell("grep ' 200 ' " + GOT + " | cut -d' ' -f3").ok().lines())
                .doesNotHaveDuplicates();
        assertThat(lab.shell("systemctl show -P NRestarts redis-warden").ok()).isEqualTo("0");
    }

    /** The receiver has taken the message and not answered yet: that the same comes again, by its id, is all that HTTP allows. */
    @Test
    void aMessengerThatIsKilledLosesNothingAndDoublesNothingButByTheSameId() {
        receivers("every = \"0s\"");
        agent.awaitStatus(200);
        idle();
        lab.shell(": >" + GOT + "; systemctl kill -s STOP receiver").ok();
        killed();
        lab.await(
                "a try",
                "ss -Htn state established dst 127.0.0.1:8099 | grep -q . && grep -q '\"tries\":1'"
                        + " /var/lib/redis-warden/notify/outbox/ops");
        lab.shell("systemctl kill -s KILL " + UNIT + "; systemctl kill -s CONT receiver")
                .ok();
        // Redis stays down, and nothing new is to be told: who starts it again does so by itself.
        lab.await("delivery", "redis-warden notify | grep -q 'nothing waits'");
        idle();

        var bodies = lab.shell("cut -d' ' -f3- " + GOT).ok();
        var ids =
                bodies.lines().map(line -> line.substring(0, line.indexOf(' '))).toList();
        assertThat(ids.stream().filter(ids.get(0)::equals).count()).as(bodies).isEqualTo(2);
        var once = bodies.lines()
                .collect(Collectors.toMap(line -> line.substring(0, line.indexOf(' ')), line -> line, (a, b) -> b));
        assertThat(changes(String.join("\n", once.values()), "ping")).containsExactly("ok>unhealthy");
        back();
    }

    @Test
    void aRedirectIsNotFollowedButToldAndTriedAgain() {
        receivers("every = \"0s\"");
        lab.shell("echo 302 >/run/code").ok();
        agent.awaitStatus(200);
        var journal = Journal.from(lab);
        killed();
        lab.await("that it is told", "redis-warden notify | grep -q 'changes wait since .*redirects are not followed'");
        assertThat(journal.messages("_SYSTEMD_UNIT=" + UNIT).toString()).contains("redirects are not followed");
        idle();
        var test = lab.exec("redis-warden", "notify", "--test", "ops");
        assertThat(test.out()).contains("not told: it answers 302");
        assertThat(test.exit()).isOne();
    }

    /** One that is slow and one that is mail hold up nobody; the sendmail here is a program that keeps what it is given. */
    @Test
    void theHostsSendmailGetsIt() {
        new Site(lab).write("/usr/sbin/sendmail", "#!/bin/sh\ncat >/var/lib/redis-warden/mail-$$\n");
        lab.exec("chmod", "755", "/usr/sbin/sendmail").ok();
        lab.shell("printf '[[notify]]\\nname = \"mail\"\\nkind = \"email\"\\nto = [\"root\"]\\n' >" + TOML
                        + "; systemctl reload redis-warden")
                .ok();
        agent.awaitStatus(200);
        killed();
        lab.await("mail", "grep -q 'ping is unhealthy' /var/lib/redis-warden/mail-*");
        assertThat(lab.shell("cat /var/lib/redis-warden/mail-*; rm -f /var/lib/redis-warden/mail-* /usr/sbin/sendmail")
                        .ok())
                .contains("To: root", "Subject: [redis-warden] ");
    }

    /** That only root can read, and only the messenger gets. */
    @Test
    void aSecretMayBeACredentialOfItsUnit() {
        var credential = "/run/credentials/" + UNIT + "/hook";
        lab.shell("umask 077; printf 'http://127.0.0.1:8099/s3cret' >/root/hook; umask 022;"
                        + " mkdir -p /run/systemd/system/" + UNIT + ".d;"
                        + " printf '[Service]\nLoadCredential=hook:/root/hook\n' >/run/systemd/system/" + UNIT
                        + ".d/test.conf; systemctl daemon-reload")
                .ok();
        try {
            receiver("url_file = \"" + credential + "\"");
            agent.awaitStatus(200);
            killed();
            lab.await("the call", "grep -q '\"to\":\"unhealthy\"' " + GOT);
            idle();
            var test = lab.exec("redis-warden", "notify", "--test", "ops");
            assertThat(test.out()).contains("by its LoadCredential=").doesNotContain("s3cret");
            assertThat(lab.shell("redis-warden config").ok()).contains(credential);
        } finally {
            lab.shell("rm -r /run/systemd/system/" + UNIT + ".d; systemctl daemon-reload");
        }
    }

    @Test
    void itsSandboxIsTightAndItsUnitsVerify() {
        var security =
                lab.exec("systemd-analyze", "security", "--no-pager", UNIT).ok();
        var exposure = Pattern.compile("Overall exposure level for " + UNIT + ": ([\\d.]+)")
                .matcher(security);
        assertThat(exposure.find()).as(security).isTrue();
        // All of it but that any address may be reached.
        assertThat(Double.parseDouble(exposure.group(1))).as(security).isLessThanOrEqualTo(2.0);
        var verify = lab.exec("systemd-analyze", "verify", "--man=no", UNIT, "redis-warden-notify.path");
        assertThat(verify.ok() + verify.err()).isEmpty();
        assertThat(lab.exec("systemctl", "is-active", "redis-warden-notify.path")
                        .ok())
                .isEqualTo("active");
        assertThat(lab.exec("systemctl", "is-active", UNIT).out().strip())
                .as("no memory at rest")
                .isEqualTo("inactive");
    }

    private void receivers(String more) {
        receiver("url = \"http://127.0.0.1:8099/\"\n" + more);
    }

    private void receiver(String lines) {
        new Site(lab).write(TOML, "[[notify]]\nname = \"ops\"\nkind = \"webhook\"\n" + lines + "\n");
        lab.shell("chown root:redis-warden " + TOML + "; chmod 0640 " + TOML + "; systemctl reload redis-warden")
                .ok();
    }

    private void receiverUp() {
        lab.exec("systemd-run", "-q", "--unit=receiver", "-p", "StartLimitIntervalSec=0", "perl", "/root/receiver.pl")
                .ok();
        lab.await("the receiver", "ss -ltn | grep -q 127.0.0.1:8099");
    }

    private void killed() {
        lab.shell("systemctl mask -q --runtime redis-server; systemctl kill -s KILL redis-server")
                .ok();
        agent.awaitStatus(503);
    }

    private void back() {
        lab.shell("systemctl unmask -q --runtime redis-server; systemctl start redis-server")
                .ok();
        agent.awaitStatus(200);
    }

    private void idle() {
        lab.await("an idle messenger", "test \"$(systemctl is-active " + UNIT + ")\" = inactive");
    }

    private static List<String> changes(String got, String check) {
        var found = Pattern.compile("\"check\":\"" + check + "\",\"from\":\"(\\w+)\",\"to\":\"(\\w+)\"")
                .matcher(got);
        List<String> all = new ArrayList<>();
        while (found.find()) {
            all.add(found.group(1) + ">" + found.group(2));
        }
        return all;
    }
}
