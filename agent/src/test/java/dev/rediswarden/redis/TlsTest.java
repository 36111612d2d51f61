package dev.rediswarden.redis;

import static dev.rediswarden.redis.PingProbeTest.ping;
import static dev.rediswarden.redis.PingProbeTest.probe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.preflight.Judge;
import dev.rediswarden.preflight.Origin;
import dev.rediswarden.preflight.Question;
import dev.rediswarden.preflight.Visit;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

    @TempDir
    private Path directory;

    private RedisServer server;

    @BeforeEach
    void certifyAndStart() throws Exception {
        authority("ca");
        authority("other");
        Files.writeString(directory.resolve("names"), "subjectAltName=DNS:localhost\n");
        openssl("req -new -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -subj /CN=redis"
                + " -keyout server.key -out server.csr");
        openssl("x509 -req -in server.csr -CA ca.crt -CAkey ca.key -days 2 -extfile names -out server.crt");
        server = RedisServer.in(directory);
        server.with(
                        "port 0",
                        "unixsocket \"\"",
                        "tls-port " + server.port(),
                        "tls-cert-file " + directory.resolve("server.crt"),
                        "tls-key-file " + directory.resolve("server.key"),
                        "tls-ca-cert-file " + directory.resolve("ca.crt"),
                        "tls-auth-clients no")
                .start();
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aServerOfATrustedAuthorityIsAsked() {
        try (PingProbe probe = probe(target("localhost", "ca.crt"))) {
            Ping ping = ping(probe);
            assertThat(ping.outcome()).isEqualTo(Outcome.PONG);
            assertThat(ping.address()).isEqualTo("localhost:" + server.port());
        }
    }

    @Test
    void theConfAloneTellsPortAndAuthority() {
        server.close();
        server.with("bind localhost").start();
        assertThat(ping(probe(Targets.of(server))).outcome()).isEqualTo(Outcome.PONG);
    }

    @Test
    void anUnknownAuthorityIsUnknownNotDown() {
        assertThat(failure(target("localhost", "other.crt")))
                .startsWith("localhost:")
                .contains("TLS");
    }

    @Test
    void aCertificateForAnotherNameIsUnknownNotDown() {
        assertThat(failure(target("127.0.0.1", "ca.crt"))).contains("TLS").contains("127.0.0.1");
    }

    @Test
    void anAuthorityThatCannotBeReadIsUnknown() {
        assertThat(failure(target("localhost", "none.crt"))).contains("none.crt");
        assertThat(failure(target("localhost", "names"))).contains("names");
    }

    @Test
    void aServerThatWantsACertificateOfOursIsUnknownNotDown() {
        server.close();
        server.with("tls-auth-clients yes").start();
        assertThat(failure(target("localhost", "ca.crt"))).contains("TLS");
    }

    @Test
    void aSiteIsToldWhatItsOwnRuleMakesOfTheCertificate() {
        String trusted = "&ssl_ca_certs=" + directory.resolve("ca.crt");
        assertThat(visit("localhost", "?ssl_cert_reqs=required" + trusted).outcome())
                .isEqualTo(Visit.Outcome.DONE);
        assertThat(visit("localhost", "?ssl_cert_reqs=none").outcome()).isEqualTo(Visit.Outcome.DONE);
        Visit untrusted = visit("localhost", "?ssl_cert_reqs=required");
        assertThat(untrusted.outcome()).isEqualTo(Visit.Outcome.TLS);
        assertThat(untrusted.mayPass()).isFalse();
        Visit otherName = visit("127.0.0.1", "?ssl_cert_reqs=required" + trusted);
        assertThat(otherName.outcome()).isEqualTo(Visit.Outcome.DONE);
        assertThat(otherName.otherName()).isTrue();
        assertThat(visit("127.0.0.1", "?ssl_check_hostname=false" + trusted).otherName())
                .isFalse();
    }

    private Visit visit(String host, String query) {
        Judge judge = new Judge(Origin.file("/srv/.env"));
        Question.Ask ask = (Question.Ask) judge.question("rediss://" + host + ":" + server.port() + "/1" + query);
        return new SiteClient(Targets.PATIENT, System::nanoTime).visit(ask.url());
    }

    private String failure(Target target) {
        try (PingProbe probe = probe(target)) {
            return probe.read().fold(ping -> "known: " + ping, Reading.Unknown::detail);
        }
    }

    private Target target(String host, String authority) {
        return new Target(
                Optional.of(URI.create("rediss://" + host + ":" + server.port())),
                List.of(),
                Optional.empty(),
                Optional.of(directory.resolve(authority)),
                Targets.PATIENT);
    }

    private void authority(String name) throws IOException, InterruptedException {
        openssl("req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=" + name
                + " -keyout " + name + ".key -out " + name + ".crt");
    }

    private void openssl(String arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(("openssl " + arguments).split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
