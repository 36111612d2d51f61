package dev.rediswarden.lab;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.function.Predicate;
import org.awaitility.core.ConditionTimeoutException;

/** redis-warden in a lab, as a client on the machine sees it. */
public final class Agent {

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Lab lab;
    private final int port;

    Agent(Lab lab, int port) {
        this.lab = lab;
        this.port = port;
    }

    /**
     * What that path answers.
     *
     * @throws UncheckedIOException when nothing answers within 5 s
     */
    public HttpResponse<String> get(String path) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + path, e);
        }
    }

    /** Polls /health until it has that status; fails with the journal when it has not within 30 s. */
    public HttpResponse<String> awaitStatus(int status) {
        return awaitHealth("status " + status, answer -> answer.statusCode() == status);
    }

    public HttpResponse<String> awaitHealth(String what, Predicate<HttpResponse<String>> wanted) {
        try {
            return await("/health with " + what)
                    .atMost(Duration.ofSeconds(30))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreException(UncheckedIOException.class)
                    .until(() -> get("/health"), wanted);
        } catch (ConditionTimeoutException e) {
            var journal = lab.exec("journalctl", "--no-pager", "-n", "60", "-u", "redis-warden", "-u", "redis-server");
            throw new AssertionError("%s\n%s".formatted(e.getMessage(), journal), e);
        }
    }

    /** The command that an answer says mends it, without the JSON around it. */
    static String remedy(String check) {
        var line = check.lines()
                .filter(l -> l.strip().startsWith("\"remedy\": "))
                .findFirst()
                .orElseThrow();
        return line.substring(line.indexOf(": \"") + 3, line.lastIndexOf('"'))
                .replace("sudo ", "")
                .replace("\\u0026", "&")
                .replace("\\u0027", "'")
                .replace("\\\"", "\"")
                .replace("\\\\", "\\");
    }
}
