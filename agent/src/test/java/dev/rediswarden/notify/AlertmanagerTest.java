package dev.rediswarden.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import dev.rediswarden.Soon;
import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver.Kind;
import dev.rediswarden.notify.Receiver.Pace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With Debian's own Alertmanager, whose resolve_timeout is the shortest: it must not resolve what is still so. */
class AlertmanagerTest {

    private static final Path PROGRAM = Path.of("/usr/bin/prometheus-alertmanager");

    @TempDir
    private Path directory;

    private int port;

    @Test
    void anAlertFiresUntilItIsResolvedByUs() throws Exception {
        assumeTrue(
                Files.isExecutable(PROGRAM),
                "NOT TESTED: " + PROGRAM + " is missing; sudo apt-get install prometheus-alertmanager");
        Process alertmanager = start();
        try {
            Soon.await().ignoreExceptions().until(() -> alerts() != null);
            Spool spool = new Spool(directory.resolve("spool"));
            spool.make();
            InstantSource clock = InstantSource.system();
            spool.add(bulletin(clock, Status.UNHEALTHY));
            run(spool, clock);
            // Longer than its resolve_timeout, as it has seen it.
            long firedAt = System.nanoTime();
            Soon.await()
                    .until(() ->
                            System.nanoTime() - firedAt > Duration.ofSeconds(2).toNanos());
            assertThat(alerts())
                    .singleElement()
                    .satisfies(alert -> assertThat(alert.toString())
                            .contains(
                                    "\"severity\":\"critical\"",
                                    "\"check\":\"ping\"",
                                    "\"instance\":\"web1\"",
                                    "as it is"));

            spool.add(bulletin(clock, Status.DEGRADED));
            run(spool, clock);
            assertThat(alerts())
                    .singleElement()
                    .satisfies(alert -> assertThat(alert.toString()).contains("\"severity\":\"warning\""));

            spool.add(bulletin(clock, Status.OK));
            run(spool, clock);
            assertThat(alerts()).isEmpty();
        } finally {
            alertmanager.destroyForcibly().waitFor();
        }
    }

    private Process start() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path config = Files.writeString(
                directory.resolve("alertmanager.yml"),
                "global: {resolve_timeout: 1s}\nroute: {receiver: none}\nreceivers: [{name: none}]\n");
        return new ProcessBuilder(
                        PROGRAM.toString(),
                        "--config.file=" + config,
                        "--storage.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port,
                        "--cluster.listen-address=")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private JsonArray alerts() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v2/alerts?active=true"))
                .build();
        return JsonParser.parseString(HttpClient.newHttpClient()
                        .send(request, BodyHandlers.ofString())
                        .body())
                .getAsJsonArray();
    }

    private static Bulletin bulletin(InstantSource clock, Status ping) {
        return new Bulletin(
                0, clock.instant(), "web1", List.of(new Standing("ping", ping, clock.instant(), "as it is", "")));
    }

    private void run(Spool spool, InstantSource clock) throws Exception {
        Pace atOnce = new Pace(Duration.ZERO, Duration.ZERO, 1000, Duration.ofSeconds(5));
        Receiver receiver = new Receiver(
                "alerts",
                Kind.ALERTMANAGER,
                WithSpool.address(URI.create("http://127.0.0.1:" + port)),
                Status.DEGRADED,
                List.of(),
                atOnce);
        new Deliverer(
                        spool,
                        List.of(receiver),
                        clock,
                        System::nanoTime,
                        () -> UUID.randomUUID().toString(),
                        () -> 0.5,
                        Duration.ZERO)
                .run();
        assertThat(Backlog.read(spool).receivers()).isEmpty();
    }
}
