package dev.rediswarden.http;

import static dev.rediswarden.Soon.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.cycle.Cycle;
import dev.rediswarden.cycle.InstanceWatch;
import dev.rediswarden.cycle.LatestReport;
import dev.rediswarden.cycle.Pace;
import dev.rediswarden.cycle.Watch;
import dev.rediswarden.cycle.Watched;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Ten thousand requests that no honest client sends, beside a cycle that must not notice. */
class HostileRequestsTest {

    private static final int CLIENTS = 4;
    private static final int OF_OTHERS = 8;
    private static final int REQUESTS = 10_000;
    private static final int HALF_OPEN = 300;
    private static final Duration FAST = Duration.ofMillis(50);
    private static final String HOST = "Host: localhost\r\n";

    private static final List<String> MALFORMED = List.of(
            "",
            "\r\n\r\n",
            "\n",
            "G",
            "GET",
            "GET /health",
            "GET /health\r\n\r\n",
            "GET /health HTTP/0.9\r\n\r\n",
            "GET /health HTTP/1.0\r\n\r\n",
            "GET /health HTTP/1.1\r\n\r\n",
            "GET /health HTTP/2.0\r\n" + HOST + "\r\n",
            "GET /health HTTP/9.9\r\n" + HOST + "\r\n",
            "GET /health HTTP/1.1.1\r\n" + HOST + "\r\n",
            "GET /health FTP/1.1\r\n" + HOST + "\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001",
            "GET  /health  HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost: a b<>\"\r\n\r\n",
            "GET /health HTTP/1.1\r\nHost : localhost\r\n\r\n",
            "GET /health HTTP/1.1\r\n Host: localhost\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "X: a\r\n b\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Content-Length: -1\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Content-Length: 99999999999999999999\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            "GET /health HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Transfer-Encoding: gzip, bogus\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Expect: the-worst\r\n\r\n",
            "POST /health HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
            "GET /health HTTP/1.1\r\n" + HOST + "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
            "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health/%00 HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health/%c0%ae%c0%ae/ HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /../../etc/passwd HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health/..%2f..%2fetc/passwd HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health/..;/x HTTP/1.1\r\n" + HOST + "\r\n",
            "GET //health//ping HTTP/1.1\r\n" + HOST + "\r\n",
            "GET \\health HTTP/1.1\r\n" + HOST + "\r\n",
            "GET http://evil.example/health HTTP/1.1\r\n" + HOST + "\r\n",
            "GET http://[::1/health HTTP/1.1\r\n" + HOST + "\r\n",
            "GET ?x HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health?%zz=%ff&a[b]=c HTTP/1.1\r\n" + HOST + "\r\n",
            "OPTIONS * HTTP/1.1\r\n" + HOST + "\r\n",
            "CONNECT evil.example:443 HTTP/1.1\r\n" + HOST + "\r\n",
            "CONNECT /health HTTP/1.1\r\n" + HOST + "\r\n",
            "TRACE /health HTTP/1.1\r\n" + HOST + "Max-Forwards: 0\r\n\r\n",
            "G\u0000T /health HTTP/1.1\r\n" + HOST + "\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "X\u0000Y: z\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + ": empty\r\n\r\n",
            "GET /metrics HTTP/1.1\r\n" + HOST + "Accept: ;;;,,,q=x/\u00ff\r\n\r\n",
            "GET /metrics HTTP/1.1\r\n" + HOST + "Accept-Encoding: gzip;q=nan, *;q=-1\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Range: bytes=5-1,-,999999-\r\nIf-Modified-Since: soon\r\n\r\n",
            "GET /health HTTP/1.1\r\n" + HOST + "Cookie: a=\"b; c=;;;=\r\n\r\n",
            ("GET /health HTTP/1.1\r\n" + HOST + "\r\n").repeat(30));

    private final Map<Integer, Integer> statuses = new TreeMap<>();

    @Test
    void tenThousandHostileRequestsChangeNothing() throws Exception {
        AtomicInteger cycles = new AtomicInteger();
        AtomicLong longestGap = new AtomicLong();
        ExecutorService probes = Executors.newCachedThreadPool();
        LatestReport latest = new LatestReport(Given.NOW, Duration.ofSeconds(5), System::nanoTime);
        AtomicLong last = new AtomicLong(System.nanoTime());
        Cycle cycle = new Cycle(
                watched(),
                latest,
                (before, now) -> {
                    cycles.incrementAndGet();
                    long at = System.nanoTime();
                    longestGap.accumulateAndGet(at - last.getAndSet(at), Math::max);
                },
                probes,
                () -> Given.NOW,
                System::nanoTime);
        Thread loop = new Thread(cycle::run, "cycle");
        loop.start();
        try (Served served = new Served()) {
            String normal = Wire.get(served.address, "/health").body();
            attack(served, 200); // what is loaded once is not growth
            long heap = usedHeap();
            int threads = Thread.activeCount();
            int cyclesBefore = cycles.get();
            longestGap.set(0);
            long begun = System.nanoTime();
            List<Socket> halfOpen = new ArrayList<>();
            try {
                attack(served, REQUESTS / 2);
                openHalf(served, halfOpen);
                assertThat(httpThreads()).isLessThanOrEqualTo(4);
                closeAll(halfOpen);
                await().ignoreExceptions()
                        .until(() -> Wire.get(served.address, "/health").body().equals(normal));
                attack(served, REQUESTS / 2 - HALF_OPEN);
            } finally {
                closeAll(halfOpen);
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);

            assertThat(statuses.keySet())
                    .as(statuses.toString())
                    .allMatch(status -> status < 500)
                    .contains(200, 400, 404, 405, 414, 431);
            assertThat(Wire.get(served.address, "/health").body()).isEqualTo(normal);
            assertThat(httpThreads()).isLessThanOrEqualTo(4);
            // Other tests share this JVM, and may leave a thread that is about to end, or have one made, meanwhile.
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + CLIENTS + OF_OTHERS);
            assertThat(cycles.get() - cyclesBefore).isGreaterThan((int) (took.dividedBy(FAST) / 3));
            assertThat(Duration.ofNanos(longestGap.get())).isLessThan(Duration.ofSeconds(2));
            await().untilAsserted(() -> assertThat(usedHeap() - heap).isLessThan(12L << 20));
        } finally {
            cycle.close();
            loop.join(5_000);
            probes.shutdownNow();
        }
    }

    @Test
    void connectionsAreBoundedAndComeBackOnceTheyAreIdle() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (Served served = new Served()) {
            try {
                openHalf(served, silent);
                // Nobody closes them but the server, for being idle.
                await().atMost(Duration.ofSeconds(20))
                        .ignoreExceptions()
                        .until(() -> Wire.get(served.address, "/health/live").status() == 200);
            } finally {
                closeAll(silent);
            }
        }
    }

    private void attack(Served served, int requests) throws InterruptedException, ExecutionException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        List<Future<Map<Integer, Integer>>> results = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
            Random random = new Random(client);
            Callable<Map<Integer, Integer>> task = () -> {
                Map<Integer, Integer> seen = new TreeMap<>();
                for (int i = 0; i < requests / CLIENTS; i++) {
                    send(served, hostile(random), seen);
                }
                return seen;
            };
            results.add(clients.submit(task));
        }
        for (Future<Map<Integer, Integer>> result : results) {
            result.get().forEach((status, count) -> statuses.merge(status, count, Integer::sum));
        }
        clients.shutdown();
    }

    private static void send(Served served, byte[] request, Map<Integer, Integer> seen) {
        try (Socket socket = Wire.connect(served.address)) {
            socket.getOutputStream().write(request);
            socket.shutdownOutput();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            for (String part : answer.split("(?=HTTP/1\\.[01] \\d{3} )", -1)) {
                if (part.startsWith("HTTP/1.")) {
                    seen.merge(Integer.parseInt(part.substring(9, 12)), 1, Integer::sum);
                }
            }
        } catch (IOException e) {
            seen.merge(0, 1, Integer::sum); // refused in mid-sentence, as it should be
        }
    }

    private static byte[] hostile(Random random) {
        String request =
                switch (random.nextInt(12)) {
                    case 0 -> "GET /" + "a".repeat(random.nextInt(30_000)) + " HTTP/1.1\r\n" + HOST + "\r\n";
                    case 1 -> "GET / HTTP/1.1\r\n" + HOST + "X: " + "b".repeat(random.nextInt(30_000)) + "\r\n\r\n";
                    case 2 -> "GET / HTTP/1.1\r\n" + HOST + "A: b\r\n".repeat(random.nextInt(3_000)) + "\r\n";
                    case 3 -> "POST / HTTP/1.1\r\n" + HOST + "Content-Length: 20000\r\n\r\n" + "c".repeat(20_000);
                    case 4 -> noise(random, random.nextInt(2_000));
                    case 5 -> noise(random, 20) + " /health HTTP/1.1\r\n" + HOST + "\r\n";
                    default -> MALFORMED.get(random.nextInt(MALFORMED.size()));
                };
        byte[] bytes = request.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static String noise(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** More than the server takes at a time; each has begun a request that it does not end. */
    private static void openHalf(Served served, List<Socket> sockets) throws IOException {
        for (int i = 0; i < HALF_OPEN; i++) {
            Socket socket = Wire.connect(served.address);
            sockets.add(socket);
            String begun = i % 3 == 0 ? "" : i % 3 == 1 ? "GET /hea" : "POST / HTTP/1.1\r\n" + HOST;
            socket.getOutputStream().write(begun.getBytes(StandardCharsets.ISO_8859_1));
        }
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    private static long httpThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("http-"))
                .count();
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static Watched watched() {
        InstanceState state = Given.healthy().state("main");
        InstanceWatch instance = new InstanceWatch(
                "main",
                state.policy(),
                watch(state.ping(), FAST),
                Optional.empty(),
                watch(state.server(), FAST),
                watch(state.confFile(), FAST),
                watch(state.files(), FAST),
                watch(state.openFiles(), FAST),
                watch(state.verification(), FAST),
                Optional.empty(),
                Optional.empty());
        return new Watched(
                watch(Given.healthy().kernel(), FAST),
                watch(Given.healthy().listeners(), FAST),
                watch(Given.healthy().snapshot().siteUnits(), FAST),
                watch(Given.healthy().snapshot().stewardship(), FAST),
                List.of(instance),
                new Checkup(Checkup.STANDARD, Map.of()),
                List.of());
    }

    private static <T> Watch<T> watch(Reading<T> reading, Duration every) {
        Probe<T> probe = new Probe<>() {
            @Override
            public String name() {
                return "fake";
            }

            @Override
            public Reading<T> read() {
                return reading;
            }
        };
        return new Watch<>(probe, Pace.fast(every, Duration.ofSeconds(1)), System::nanoTime);
    }
}
