package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Policy.Role;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What an operator is told to type, for a server that is not Debian's default one. */
class CommandsTest {

    private static final String RESTART = "sudo systemctl restart redis-server.service";

    @Test
    void aSocketFileIsOpenToRootAndToItsGroupAlone() {
        Commands commands = of(at("unix:/run/redis/redis-server.sock").withPasswordAsked(Reading.known(false)));

        assertThat(commands.cli()).isEqualTo("sudo redis-cli -s /run/redis/redis-server.sock");
        assertThat(commands.cliAsRoot()).isEqualTo(commands.cli());
        assertThat(of(healthy()).cliAsRoot()).isEqualTo("sudo redis-cli --askpass");
    }

    @Test
    void aPortForTlsIsSpokenToInTls() {
        Given encrypted = at("127.0.0.1:6380")
                .withConfig("port", "0")
                .withConfig("tls-port", "6380")
                .withConfig("tls-ca-cert-file", "/etc/redis/ca.crt");

        assertThat(of(encrypted).cli()).isEqualTo("redis-cli -p 6380 --tls --cacert /etc/redis/ca.crt --askpass");
        assertThat(of(encrypted
                                .withConfig("tls-auth-clients", "yes")
                                .withConfig("tls-cert-file", "/etc/redis/r.crt")
                                .withConfig("tls-key-file", "/etc/redis/r.key"))
                        .cli())
                .startsWith("sudo redis-cli ")
                .contains(" --cert /etc/redis/r.crt --key /etc/redis/r.key");
        assertThat(of(at("127.0.0.1:6379").withConfig("tls-port", "6380")).cli())
                .doesNotContain("--tls");
    }

    @Test
    void anInstanceOfTheTemplateHasAFileOfItsOwn() {
        Given sessions = healthy()
                .with(Given.copy(
                        Given.unit("loaded", "enabled", "active", "running", "success"),
                        "id",
                        "redis-server@sessions.service"))
                .withConfFile(Given.unknown());

        assertThat(of(sessions).confFile()).isEqualTo("/etc/redis/redis-sessions.conf");
    }

    @Test
    void aRestartThatLosesNothingIsARestart() {
        assertThat(of(healthy()).restart()).isEqualTo(RESTART);
        assertThat(of(healthy()
                                .with(Wished.of(Role.CACHE, false, false, "", "persistence", "role"))
                                .withConfig("save", ""))
                        .restart())
                .as("a cache that is to forget")
                .isEqualTo(RESTART);
    }

    @Test
    void whatIsOnNoDiskIsSavedBeforeARestart() {
        String saved = "redis-cli --askpass SAVE | grep OK && " + RESTART;

        assertThat(of(healthy().withConfig("save", "")).restart()).isEqualTo(saved);
        assertThat(of(healthy().withInfo("rdb_last_bgsave_status", "err")).restart())
                .as("a stop that waits without end for a save that fails")
                .isEqualTo(saved);
        assertThat(of(healthy().withConfig("dir", "")).restart()).isEqualTo(saved);
        assertThat(of(healthy().withConfig("save", "").withConfig("appendonly", "yes"))
                        .restart())
                .isEqualTo(RESTART);
    }

    @Test
    void aLogThatIsOnInTheFileAloneIsWrittenBeforeARestart() {
        assertThat(of(healthy().withConfFile("appendonly", "yes")).restart())
                .startsWith("redis-cli --askpass CONFIG SET appendonly yes # first: ")
                .endsWith(RESTART);
    }

    @Test
    void nobodyIsAskedToSaveWhoDoesNotAnswer() {
        assertThat(of(healthy().withConfig("save", "").with(Given.ping(Outcome.REFUSED, "")))
                        .restart())
                .isEqualTo(RESTART);
        assertThat(of(healthy().withUnit(Optional.empty()).withConfig(Reading.known(Map.of())))
                        .dir())
                .isEqualTo("/var/lib/redis");
    }

    @Test
    void whatIsMissingIsGivenToWhomeverItWasRefused() {
        Commands commands = of(healthy());

        assertThat(commands.grant("+config|get", "NOPERM User watch$(x) has no permissions to run"))
                .isEqualTo("redis-cli --askpass ACL SETUSER 'watch$(x)' '+config|get'");
        assertThat(commands.grant("+config|get", "NOPERM this user has no permissions to run"))
                .contains(" SETUSER default ");
        Reading<String> renamed = Reading.unknown(Cause.UNSUPPORTED, "CONFIG GET is disabled");
        assertThat(commands.allowConfigGet((Reading.Unknown<String>) renamed))
                .contains("rename-command", "redis-warden config --acl")
                .doesNotContain("SETUSER");
    }

    private static Given at(String address) {
        return healthy().with(Given.copy(Given.ping(Outcome.PONG, ""), "address", address));
    }

    private static Commands of(Given given) {
        return Commands.of(given.state("main"));
    }
}
