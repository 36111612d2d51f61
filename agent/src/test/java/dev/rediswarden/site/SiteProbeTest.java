package dev.rediswarden.site;

import static dev.rediswarden.snapshot.GivenSite.site;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Site;
import dev.rediswarden.snapshot.Site.Weight;
import dev.rediswarden.snapshot.SiteAnswer;
import dev.rediswarden.snapshot.SiteAnswer.Outcome;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site at a real unix socket. */
class SiteProbeTest {

    private static final String HEALTHY =
            "HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{\"status\": \"ok\"}";

    @TempDir
    private Path directory = Path.of("");

    private final CountDownLatch over = new CountDownLatch(1);
    private Path socket = Path.of("");
    private ServerSocketChannel server = unopened();

    @BeforeEach
    void listen() throws IOException {
        socket = directory.resolve("site.sock");
        server.bind(UnixDomainSocketAddress.of(socket));
    }

    @AfterEach
    void close() throws IOException {
        over.countDown();
        server.close();
    }

    @Test
    void oneQuestionIsAskedAsAWebServerWouldPassItOn() {
        CompletableFuture<String> question = answer(HEALTHY);

        SiteAnswer answer = known(probe(Duration.ofSeconds(5)).read());

        assertThat(answer.outcome()).isEqualTo(Outcome.ANSWERED);
        assertThat(answer.code()).isEqualTo(200);
        assertThat(answer.word()).contains("ok");
        assertThat(answer.certificate()).isEmpty();
        assertThat(answer.latency()).isPositive();
        assertThat(question.join().lines())
                .containsExactly(
                        "GET /health/ HTTP/1.0",
                        "Host: acme.test",
                        "X-Forwarded-Proto: https",
                        "User-Agent: redis-warden",
                        "Accept: application/json",
                        "Connection: close",
                        "");
    }

    @Test
    void whatTheSiteSaysOfItselfIsTold() {
        var unused = answer(
                "HTTP/1.0 503 No\r\n\r\n{\"status\": \"unhealthy\", \"checks\": {\"database\": \"OperationalError\"}}");

        SiteAnswer answer = known(probe(Duration.ofSeconds(5)).read());

        assertThat(answer.code()).isEqualTo(503);
        assertThat(answer.word()).contains("unhealthy");
        assertThat(answer.parts()).containsExactly("database: OperationalError");
    }

    @Test
    void aPageThatIsNoJsonIsAnAnswerByItsCode() {
        var unused = answer("HTTP/1.0 500 No\r\n\r\n{% template %}");
        assertThat(known(probe(Duration.ofSeconds(5)).read()).code()).isEqualTo(500);
    }

    @Test
    void jsonThatIsCutOffIsNotUnderstood() {
        var unused = answer("HTTP/1.0 200 OK\r\n\r\n{\"status\": \"o");
        assertThat(known(probe(Duration.ofSeconds(5)).read()).outcome()).isEqualTo(Outcome.NOT_UNDERSTOOD);
    }

    @Test
    void anAnswerThatEndsTooEarlyIsBrokenOff() {
        var unused = answer("HTTP/1.0 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\": \"ok\"}");
        assertThat(known(probe(Duration.ofSeconds(5)).read()).outcome()).isEqualTo(Outcome.BROKEN_OFF);
    }

    @Test
    void noAnswerAtAllIsBrokenOff() {
        var unused = answer("");
        assertThat(known(probe(Duration.ofSeconds(5)).read()).outcome()).isEqualTo(Outcome.BROKEN_OFF);
    }

    @Test
    void nobodyThereIsRefused() throws IOException {
        server.close();
        assertThat(known(probe(Duration.ofSeconds(5)).read()).outcome()).isEqualTo(Outcome.REFUSED);
        socket = directory.resolve("none.sock");
        assertThat(known(probe(Duration.ofSeconds(5)).read()).outcome()).isEqualTo(Outcome.REFUSED);
    }

    @Test
    void theThirdSilenceInARowIsNoAccident() {
        SiteProbe probe = probe(Duration.ofMillis(100));

        assertThat(cause(probe.read())).isEqualTo(Cause.TIMEOUT);
        assertThat(cause(probe.read())).isEqualTo(Cause.TIMEOUT);
        assertThat(known(probe.read()).outcome()).isEqualTo(Outcome.TIMEOUT);
        assertThat(known(probe.read()).outcome()).isEqualTo(Outcome.TIMEOUT);
    }

    @Test
    void anAnswerBetweenBeginsTheCountAnew() throws IOException {
        SiteProbe probe = probe(Duration.ofMillis(500));
        assertThat(cause(probe.read())).isEqualTo(Cause.TIMEOUT);
        server.accept().close();
        var unused = answer(HEALTHY);

        assertThat(known(probe.read()).word()).contains("ok");
        assertThat(cause(probe.read())).isEqualTo(Cause.TIMEOUT);
    }

    @Test
    void bytesThatDripInDoNotProlongIt() {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(() -> {
            try (SocketChannel client = server.accept()) {
                while (!over.await(10, TimeUnit.MILLISECONDS)) {
                    client.write(StandardCharsets.US_ASCII.encode("H"));
                }
            } catch (IOException | InterruptedException e) {
                // the other side has had enough
            }
        });
        long before = System.nanoTime();

        assertThat(cause(probe(Duration.ofMillis(300)).read())).isEqualTo(Cause.TIMEOUT);

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(3));
    }

    private static Cause cause(Reading<SiteAnswer> reading) {
        return ((Reading.Unknown<SiteAnswer>) reading).cause();
    }

    private static SiteAnswer known(Reading<SiteAnswer> reading) {
        return reading.fold(answer -> answer, unknown -> {
            throw new AssertionError(unknown);
        });
    }

    private SiteProbe probe(Duration timeout) {
        Site given = site(new Site.Unix(socket.toString(), "acme.test"), Weight.WARNING);
        return new SiteProbe(
                new Site(
                        given.name(),
                        given.file(),
                        given.door(),
                        given.path(),
                        timeout,
                        given.weight(),
                        given.backupFile(),
                        Optional.empty()),
                System::nanoTime);
    }

    /** To the next question, which it returns. */
    private CompletableFuture<String> answer(String text) {
        return CompletableFuture.supplyAsync(() -> {
            try (SocketChannel client = server.accept()) {
                ByteBuffer question = ByteBuffer.allocate(8 << 10);
                String asked = "";
                while (!asked.endsWith("\r\n\r\n") && client.read(question) >= 0) {
                    asked = new String(question.array(), 0, question.position(), StandardCharsets.US_ASCII);
                }
                client.write(StandardCharsets.UTF_8.encode(text));
                return asked;
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static ServerSocketChannel unopened() {
        try {
            return ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
