package dev.rediswarden.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.Site.Weight;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteAnswer.Outcome;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A site behind real TLS, with certificates that nobody has signed. */
class SiteTlsTest {

    private static final String ANSWER = "HTTP/1.0 200 OK\r\nContent-Length: 16\r\n\r\n{\"status\": \"ok\"}";

    @TempDir
    private Path directory = Path.of("");

    private final CountDownLatch over = new CountDownLatch(1);
    private Optional<ServerSocket> server = Optional.empty();

    @AfterEach
    void close() throws IOException {
        over.countDown();
        if (server.isPresent()) {
            server.get().close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC -groupname secp256r1", "RSA -keysize 2048", "Ed25519"})
    void aCertificateThatNobodyHasSignedIsNoReasonNotToLook(String key) throws Exception {
        CompletableFuture<String> name = serve(key, "acme.test", "-1H", 10);

        SiteAnswer answer = read();

        assertThat(answer.outcome()).as(answer.said()).isEqualTo(Outcome.ANSWERED);
        assertThat(answer.word()).contains("ok");
        assertThat(answer.certificate()).hasValueSatisfying(certificate -> {
            assertThat(certificate.named()).isTrue();
            assertThat(certificate.names()).isEqualTo("acme.test");
            assertThat(Duration.between(certificate.notBefore(), certificate.notAfter()))
                    .isEqualTo(Duration.ofDays(10));
        });
        assertThat(name.join()).isEqualTo("acme.test");
    }

    @Test
    void oneThatHasEndedIsReadNonetheless() throws Exception {
        var unused = serve("EC -groupname secp256r1", "acme.test", "-20d", 10);

        SiteAnswer answer = read();

        assertThat(answer.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(answer.certificate().orElseThrow().notAfter()).isBefore(now());
    }

    @Test
    void oneForAnotherNameIsToldAsSuch() throws Exception {
        var unused = serve("EC -groupname secp256r1", "other.test", "-1H", 10);

        assertThat(read().certificate()).hasValueSatisfying(certificate -> {
            assertThat(certificate.named()).isFalse();
            assertThat(certificate.names()).isEqualTo("other.test");
        });
    }

    @Test
    void whoSpeaksNoTlsIsTold() throws IOException {
        ServerSocket plain = listen(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try (Socket client = plain.accept()) {
                client.getOutputStream().write("HTTP/1.0 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                over.await(10, TimeUnit.SECONDS);
            } catch (IOException | InterruptedException e) {
                // the other side has gone
            }
        });

        assertThat(read().outcome()).isEqualTo(Outcome.TLS);
    }

    @Test
    void whoHangsUpInTheHandshakeIsTold() throws IOException {
        ServerSocket plain = listen(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try (Socket client = plain.accept()) {
                assertThat(client.getInputStream().read()).isPositive();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        assertThat(read().outcome()).isEqualTo(Outcome.TLS);
    }

    @Test
    void aHandshakeThatNeverEndsIsLate() throws IOException {
        ServerSocket plain = listen(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try (Socket client = plain.accept()) {
                byte[] record = {22, 3, 3, 0x40, 0};
                client.getOutputStream().write(record);
                while (!over.await(10, TimeUnit.MILLISECONDS)) {
                    client.getOutputStream().write(0);
                }
            } catch (IOException | InterruptedException e) {
                // the other side has had enough
            }
        });
        long before = System.nanoTime();

        Reading<SiteAnswer> reading = probe(Duration.ofMillis(400)).read();

        assertThat(((Reading.Unknown<SiteAnswer>) reading).cause()).isEqualTo(Reading.Cause.TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void nobodyThereIsRefused() throws IOException {
        listen(new ServerSocket(0, 5, InetAddress.getLoopbackAddress())).close();
        assertThat(read().outcome()).isEqualTo(Outcome.REFUSED);
    }

    private ServerSocket listen(ServerSocket opened) {
        server = Optional.of(opened);
        return opened;
    }

    /** Answers one question; returns the name that was asked for. */
    private CompletableFuture<String> serve(String key, String name, String from, int days) throws Exception {
        ServerSocket listening = listen(context(key, name, from, days)
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress()));
        return CompletableFuture.supplyAsync(() -> {
            try (SSLSocket client = (SSLSocket) listening.accept()) {
                InputStream in = client.getInputStream();
                StringBuilder question = new StringBuilder();
                while (question.indexOf("\r\n\r\n") < 0) {
                    question.append((char) in.read());
                }
                client.getOutputStream().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
                return ((ExtendedSSLSession) client.getSession())
                        .getRequestedServerNames().stream()
                                .filter(asked -> asked.getType() == StandardConstants.SNI_HOST_NAME)
                                .map(asked -> new String(asked.getEncoded(), StandardCharsets.US_ASCII))
                                .findFirst()
                                .orElse("");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private SSLContext context(String key, String name, String from, int days)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = directory.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        (keytool + " -genkeypair -alias site -dname CN=ignored -ext san=dns:" + name
                                        + " -keyalg " + key + " -startdate " + from + " -validity " + days
                                        + " -storetype PKCS12 -storepass secret -keystore " + file)
                                .split(" "))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, "secret".toCharArray());
        }
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private SiteAnswer read() {
        return probe(Duration.ofSeconds(10)).read().fold(answer -> answer, unknown -> {
            throw new AssertionError(unknown);
        });
    }

    private static Instant now() {
        return Instant.ofEpochMilli(
                ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli());
    }

    private SiteProbe probe(Duration timeout) {
        int port = server.orElseThrow().getLocalPort();
        return new SiteProbe(
                new Site(
                        "acme",
                        "/etc/redis-warden/redis-warden.toml",
                        new Site.Tls("acme.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), port)),
                        "/health/",
                        timeout,
                        Weight.WARNING,
                        "/var/lib/sum/acme/backup",
                        Optional.empty()),
                System::nanoTime);
    }
}
