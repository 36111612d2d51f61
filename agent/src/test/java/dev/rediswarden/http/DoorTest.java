package dev.rediswarden.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rediswarden.Soon;
import dev.rediswarden.http.Wire.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listener with a certificate and users, asked over real sockets by clients that look at what they are shown. */
class DoorTest {

    private static final String S3CRET = "$2y$06$abcdefghijklmnopqrstuuNOnw6EGKc3988bZtxlqHMps74iVdpdC";
    private static final String A71 = "$2y$06$abcdefghijklmnopqrstuudieJkmgvc1Gaf6wEr1OariokYks.9Gi";

    /** A good part of a tenth of a second for each, at least. */
    private static final String SLOW = S3CRET.replace("$06$", "$10$");

    private static final String RIGHT = basic("prometheus", "s3cret");
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir
    private static Path made;

    private static GivenCertificate good;
    private static GivenCertificate other;
    private static GivenCertificate expired;

    @TempDir
    private Path directory;

    private final InetSocketAddress address = Wire.freeAddress();
    private final Served served = new Served();
    private final List<AutoCloseable> open = new ArrayList<>();
    private Path certificate;
    private Path key;
    private Path users;

    @BeforeAll
    static void make() {
        good = GivenCertificate.of(made, "EC", "-1d", 90);
        other = GivenCertificate.of(made, "RSA", "-1d", 10);
        expired = GivenCertificate.of(made, "EC", "-10d", 5);
    }

    @BeforeEach
    void files() throws IOException {
        certificate = directory.resolve("tls.crt");
        key = directory.resolve("tls.key");
        users = directory.resolve("users");
        good.into(certificate, key);
        GivenCertificate.secret(users, "prometheus:" + S3CRET + "\n");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
        served.close();
    }

    @Test
    void whoKnowsThePasswordReadsMetricsAndHealth() throws IOException {
        whole();

        assertThat(get(good, "/metrics", RIGHT).body()).isEqualTo("redis_up 1.0\n");
        assertThat(get(good, "/health", RIGHT).status()).isEqualTo(200);
        assertThat(get(good, "/health/ping", RIGHT).body()).contains("\"status\": \"ok\"");
        assertThat(get(good, "/health/live", RIGHT).body()).isEqualTo("live\n");
        assertThat(ask(good, "HEAD", "/metrics", RIGHT).status()).isEqualTo(200);
    }

    @Test
    void nothingElseIsThere() throws IOException {
        whole();

        for (String path : List.of("/", "/history", "/events", "/assets/x/uPlot.min.css", "/nope")) {
            Answer answer = get(good, path, RIGHT);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).doesNotContain("/history").endsWith("\n");
        }
        assertThat(ask(good, "POST", "/metrics", RIGHT).status()).isEqualTo(405);
    }

    @Test
    void whoDoesNotIsToldNothing() throws IOException {
        Door door = whole();
        String[] none = {
            "X: y",
            basic("prometheus", "s3cre"),
            basic("prometheus", ""),
            basic("nobody", "s3cret"),
            "Authorization: Bearer s3cret",
            "Authorization: Basic \u00e9\u00e9",
            "Authorization: Basic"
        };
        for (String header : none) {
            for (String path : List.of("/metrics", "/health", "/health/nope", "/", "/nope")) {
                Answer answer = get(good, path, header);
                assertThat(answer.status()).as(header + " " + path).isEqualTo(401);
                assertThat(answer.header("WWW-Authenticate"))
                        .hasValue("Basic realm=\"redis-warden\", charset=\"UTF-8\"");
                assertThat(answer.body()).isEqualTo("a name and its password are needed\n");
            }
            assertThat(ask(good, "POST", "/metrics", header).status()).isEqualTo(401);
        }
        assertThat(door.refused()).isEqualTo(none.length * 6L);
    }

    @Test
    void itSpeaksTls12AndTls13AndNothingOlder() throws Exception {
        whole();

        assertThat(handshake("-tls1_3")).contains("New, TLSv1.3, Cipher is TLS_");
        assertThat(handshake("-tls1_2")).contains("New, TLSv1.2, Cipher is ECDHE-");
        for (String old : List.of("-tls1_1", "-tls1")) {
            assertThat(handshake(old))
                    .as(old)
                    .contains("alert protocol version")
                    .doesNotContain("Cipher is ECDHE");
        }
        // Neither without forward secrecy, nor without authenticated encryption.
        assertThat(handshake(
                        "-tls1_2", "-cipher", "AES256-GCM-SHA384:ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA"))
                .contains("handshake failure");
    }

    @Test
    void plainHttpGetsNoAnswerThere() throws IOException {
        whole();
        try (Socket socket = Wire.connect(address)) {
            socket.getOutputStream().write("GET /metrics HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .doesNotContain("redis_up", "HTTP/1.1 200");
        }
    }

    @Test
    void anExpiredCertificateIsRefusedByClientsAndTold() throws Exception {
        expired.into(certificate, key);
        Door door = whole();

        assertThat(door.ends()).hasValueSatisfying(at -> assertThat(at).isBefore(CLOCK.instant()));
        String[] verified = {"-verify_return_error", "-CAfile", certificate.toString()};
        assertThat(handshake(verified)).contains("certificate has expired").doesNotContain("Verification: OK");

        good.into(certificate, key);
        door.look();
        assertThat(handshake(verified)).contains("Verification: OK");
        assertThat(get(good, "/metrics", RIGHT).status()).isEqualTo(200);
    }

    @Test
    void aNewCertificateIsTakenAndABadOneIsNot() throws IOException {
        Door door = whole();
        Files.writeString(certificate, other.certificatePem()); // the key is still the old one's
        door.look();
        assertThat(get(good, "/metrics", RIGHT).status()).isEqualTo(200);
        Files.writeString(certificate, "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        door.look();
        Files.delete(certificate);
        door.look();
        expired.into(certificate, key);
        door.look();
        other.into(certificate, key);
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        door.look();
        assertThat(get(good, "/metrics", RIGHT).status()).isEqualTo(200);

        other.into(certificate, key);
        door.look();
        assertThat(get(other, "/metrics", RIGHT).status()).isEqualTo(200);
        assertThatThrownBy(() -> get(good, "/metrics", RIGHT)).isInstanceOf(SSLHandshakeException.class);
        assertThat(door.ends())
                .hasValueSatisfying(
                        at -> assertThat(at).isBefore(CLOCK.instant().plus(Door.SOON)));
    }

    /** A key that openssl made elsewhere, or that is another one's, opens no listener in the first place. */
    @Test
    void aKeyThatIsNoneIsToldWithoutWhatIsInIt() throws IOException {
        for (String text : List.of(
                other.keyPem(),
                "s3cret",
                good.keyPem().replace("PRIVATE KEY", "EC PRIVATE KEY"),
                good.keyPem().replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
                "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n")) {
            GivenCertificate.secret(key, text);
            assertThatThrownBy(this::door)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(key.toString())
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void aPasswordIsChangedUnderLoadAndNobodyGetsAnythingButYesAndNo() throws Exception {
        Door door = whole();
        String next = basic("prometheus", "a".repeat(71));
        AtomicBoolean more = new AtomicBoolean(true);
        Map<String, Integer> answers = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> clients = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> {
                    while (more.get()) {
                        String header = i % 2 == 0 ? RIGHT : next;
                        answers.merge((i % 2 == 0 ? "old " : "new ") + status(header), 1, Integer::sum);
                    }
                }))
                .toList();
        Soon.await().until(() -> answers.getOrDefault("old 200", 0) > 5 && answers.getOrDefault("new 401", 0) > 5);
        assertThat(answers.keySet()).containsExactlyInAnyOrder("old 200", "new 401");
        GivenCertificate.secret(users, "prometheus:" + A71 + "\n");
        door.look();
        assertThat(status(RIGHT)).isEqualTo(401);
        assertThat(status(next)).isEqualTo(200);
        answers.clear();
        Soon.await().until(() -> answers.getOrDefault("new 200", 0) > 5 && answers.getOrDefault("old 401", 0) > 5);
        more.set(false);
        CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);

        assertThat(answers.keySet()).isSubsetOf("new 200", "old 401", "old 200", "new 401");
    }

    @Test
    void aFileOfUsersThatCannotBeUsedChangesNothing() throws IOException {
        Door door = whole();
        for (String text : List.of("prometheus:s3cret", "other:" + A71 + "\nx")) {
            GivenCertificate.secret(users, text);
            door.look();
            assertThat(status(RIGHT)).isEqualTo(200);
        }
        GivenCertificate.secret(users, "other:" + A71);
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r--r--"));
        door.look();
        assertThat(status(RIGHT)).isEqualTo(200);
        Files.setPosixFilePermissions(users, PosixFilePermissions.fromString("rw-r-----"));
        door.look();
        assertThat(status(RIGHT)).isEqualTo(401);
    }

    /** The last one is taken out of it, or it is deleted: nobody is let in by what was once there. */
    @Test
    void whoIsTakenOutGetsInNoMore() throws IOException {
        Door door = whole();
        assertThat(status(RIGHT)).isEqualTo(200);
        GivenCertificate.secret(users, "");
        door.look();
        assertThat(status(RIGHT)).isEqualTo(401);
        GivenCertificate.secret(users, "prometheus:" + S3CRET + "\n");
        door.look();
        assertThat(status(RIGHT)).isEqualTo(200);
        Files.delete(users);
        door.look();
        assertThat(status(RIGHT)).isEqualTo(401);
        GivenCertificate.secret(users, "prometheus:" + S3CRET + "\n");
        door.look();
        assertThat(status(RIGHT)).isEqualTo(200);
    }

    /** As of a disk that is mounted late or again: the same file, with the same times. */
    @Test
    void usersWhoseFileComesBackAsItWasGetInAgain() throws IOException {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        users = disk.resolve("users");
        GivenCertificate.secret(users, "prometheus:" + S3CRET + "\n");
        Door door = whole();
        assertThat(status(RIGHT)).isEqualTo(200);
        Path away = Files.move(disk, directory.resolve("away"));
        door.look();
        assertThat(status(RIGHT)).isEqualTo(401);
        Files.move(away, disk);
        door.look();
        assertThat(status(RIGHT)).isEqualTo(200);
    }

    @Test
    void whoGuessesHoldsUpNobodyWhoIsKnown() throws Exception {
        GivenCertificate.secret(users, "prometheus:" + S3CRET + "\nslow:" + SLOW + "\n");
        whole();
        assertThat(status(RIGHT)).isEqualTo(200);
        Map<Integer, Integer> answers = new ConcurrentHashMap<>();
        List<CompletableFuture<Void>> guesses = IntStream.range(0, 40)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> answers.merge(status(basic("slow", "guess" + i)), 1, Integer::sum), this::started))
                .toList();
        Soon.await().until(() -> answers.getOrDefault(429, 0) > 0);

        assertThat(status(RIGHT)).isEqualTo(200);
        assertThat(guesses).as("some wait still").anyMatch(guess -> !guess.isDone());
        assertThat(answers.keySet()).isSubsetOf(401, 429);
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.0.0.7:9181", "[2001:db8::7]:9181", "web1", "warden.example.com:443", "localhost"})
    void withoutUsersAnAddressAndKnownNamesAreAnswered(String host) throws IOException {
        open(new Door(address, Optional.empty(), Optional.empty(), Optional.empty(), served.hosts, CLOCK));

        assertThat(asHost(host).status()).isEqualTo(200);
        assertThat(asHost("evil.example.org").status()).isEqualTo(421);
        assertThat(asHost("10.0.0.7.evil.example.org").status()).isEqualTo(421);
    }

    private Answer asHost(String host) throws IOException {
        try (Socket socket = Wire.connect(address)) {
            return Wire.ask(socket, "GET /metrics HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
        }
    }

    private void started(Runnable work) {
        new Thread(work).start();
    }

    private Door whole() throws IOException {
        return open(door());
    }

    private Door door() throws IOException {
        return new Door(address, Optional.of(certificate), Optional.of(key), Optional.of(users), served.hosts, CLOCK);
    }

    private Door open(Door door) {
        open.add(served.at(door));
        open.add(door);
        return door;
    }

    private int status(String header) {
        try {
            return get(good, "/metrics", header).status();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Answer get(GivenCertificate trusted, String path, String header) throws IOException {
        return ask(trusted, "GET", path, header);
    }

    /** By a client that checks whom it talks to. */
    private Answer ask(GivenCertificate trusted, String method, String path, String header) throws IOException {
        try (SSLSocket socket = (SSLSocket) trusted.trusting()
                .getSocketFactory()
                .createSocket(Wire.connect(address), "localhost", address.getPort(), true)) {
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            // The Host of a tunnel, of which the certificate knows nothing.
            return Wire.ask(
                    socket,
                    method + " " + path + " HTTP/1.1\r\nHost: whatever:1\r\nConnection: close\r\n" + header
                            + "\r\n\r\n");
        }
    }

    private static String basic(String name, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** What openssl says, which speaks what Java does not any more. */
    private String handshake(String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("openssl", "s_client", "-connect", "127.0.0.1:" + address.getPort()));
        command.addAll(List.of(options));
        if (!command.contains("-cipher")) {
            command.addAll(List.of("-cipher", "DEFAULT:@SECLEVEL=0"));
        }
        Path out = directory.resolve("openssl.out");
        Process openssl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(out.toFile())
                .start();
        assertThat(openssl.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return Files.readString(out);
    }
}
