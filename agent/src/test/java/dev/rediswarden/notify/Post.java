package dev.rediswarden.notify;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real receiver on loopback, which answers as it is told and remembers what it got. */
final class Post implements AutoCloseable {

    record Got(String path, String key, String authorization, String body, int answered) {

        JsonObject json() {
            return JsonParser.parseString(body).getAsJsonObject();
        }
    }

    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final HttpServer server;
    private volatile int code = 200;
    private volatile String header = "";
    private volatile boolean silent;

    Post(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            got.add(new Got(
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Idempotency-Key"),
                    String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
                    body,
                    code));
            if (silent) {
                closed.await();
            }
            if (!header.isEmpty()) {
                exchange.getResponseHeaders().add(header.split("=", 2)[0], header.split("=", 2)[1]);
            }
            exchange.sendResponseHeaders(code, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void answer(int next, String nextHeader) {
        code = next;
        header = nextHeader;
    }

    void silent(boolean says) {
        silent = says;
    }

    int port() {
        return server.getAddress().getPort();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port() + "/hook?x=1");
    }

    List<Got> got() {
        return List.copyOf(got);
    }

    List<Got> accepted() {
        return got.stream().filter(one -> one.answered() < 300).toList();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
