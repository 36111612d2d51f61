package dev.rediswarden.notify;

import dev.rediswarden.notify.Attempt.Delivered;
import dev.rediswarden.notify.Attempt.Later;
import dev.rediswarden.notify.Attempt.Refused;
import dev.rediswarden.snapshot.Untrusted;
import dev.rediswarden.socket.Deadline;
import dev.rediswarden.socket.TimedSocket;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Posts JSON, once, over a connection of its own: by hand, since Java's own client repeats a POST by itself where a
 * connection breaks, and knows no bound for the whole of it. No redirect is followed.
 */
record HttpPost(Receiver receiver, LongSupplier nanos) {

    private static final int MOST_HEAD = 16 << 10;
    private static final int MOST_INTERIM = 16;

    /** For a person to mend, who may be at it: a token that is being renewed, a proxy without its server. */
    private static final Duration FOR_A_PERSON = Duration.ofMinutes(10);

    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /**
     * @param id sent as {@code Idempotency-Key}
     * @throws IOException where nobody answers in time
     */
    Attempt send(String id, String json) throws IOException {
        URI url;
        byte[] request;
        try {
            url = receiver.kind() == Receiver.Kind.ALERTMANAGER ? alerts(Secret.url(receiver)) : Secret.url(receiver);
            request = request(url, id, json.getBytes(StandardCharsets.UTF_8));
        } catch (Secret.Unusable e) {
            return new Later(String.valueOf(e.getMessage()));
        }
        return answered(exchange(url, request));
    }

    /** The API's own path, below what its route prefix is. */
    private static URI alerts(URI base) {
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        return path.contains("/api/v2/alerts")
                ? base
                : URI.create(base.getScheme() + "://" + base.getRawAuthority() + path + (path.endsWith("/") ? "" : "/")
                        + "api/v2/alerts" + (base.getRawQuery() == null ? "" : "?" + base.getRawQuery()));
    }

    private byte[] request(URI url, String id, byte[] body) throws Secret.Unusable {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String head = "POST " + path + query + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                + "\r\nUser-Agent: redis-warden\r\nContent-Type: application/json\r\nAccept: */*\r\nConnection: close"
                + "\r\nIdempotency-Key: " + id + "\r\nContent-Length: " + body.length
                + Secret.authorization(receiver)
                        .map(value -> "\r\nAuthorization: " + value)
                        .orElse("")
                + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    /** @return the answer's head */
    private String exchange(URI url, byte[] request) throws IOException {
        Deadline deadline = Deadline.in(receiver.pace().timeout(), nanos);
        boolean tls = "https".equals(url.getScheme());
        int port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        try (Socket plain = connected(url.getHost(), port, deadline)) {
            // Who takes nothing in holds up a write, which has no bound of its own; a read ends by itself before.
            Future<?> closing = CompletableFuture.runAsync(
                    () -> closeQuietly(plain),
                    CompletableFuture.delayedExecutor(
                            deadline.millisLeft() + 1000L, TimeUnit.MILLISECONDS, Runnable::run));
            try (Socket socket = tls ? over(plain, url.getHost(), port, deadline) : new TimedSocket(plain, deadline)) {
                socket.getOutputStream().write(request);
                socket.getOutputStream().flush();
                return answer(socket.getInputStream());
            } finally {
                closing.cancel(false);
            }
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Whoever uses it is told so.
        }
    }

    /** Each address of the name in turn, as long as there is time. */
    private static Socket connected(String host, int port, Deadline deadline) throws IOException {
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        IOException last = new UnknownHostException(bare);
        for (InetAddress address : InetAddress.getAllByName(bare)) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), deadline.millisLeft());
                return socket;
            } catch (IOException e) {
                socket.close();
                last = e;
            }
        }
        throw last;
    }

    private static Socket over(Socket plain, String host, int port, Deadline deadline) throws IOException {
        SSLSocket socket =
                (SSLSocket) HostTrust.sockets().createSocket(new TimedSocket(plain, deadline), host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** The last of the heads: those before it say that one is to come (RFC 9110, 15.2). */
    private static String answer(InputStream in) throws IOException {
        String head = head(in);
        for (int interim = 0; interim < MOST_INTERIM && head.matches("(?s)HTTP/1\\.[01] 1(?!01)\\d\\d.*"); interim++) {
            head = head(in);
        }
        return head;
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MOST_HEAD) {
                throw new IOException("the answer is none of HTTP, or was broken off");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** RFC 9110, 15: which answers may be others later. */
    private static Attempt answered(String head) {
        String line = head.lines().findFirst().orElse("");
        if (!line.matches("HTTP/1\\.[01] [1-5]\\d\\d.*")) {
            return new Refused("it does not speak HTTP: " + Untrusted.line(line));
        }
        int code = Integer.parseInt(line.substring(9, 12));
        return switch (code / 100) {
            case 2 -> new Delivered();
            case 3 ->
                new Later("it answers " + code + ": redirects are not followed; give the address itself", FOR_A_PERSON);
            case 4 ->
                switch (code) {
                    case 401, 403, 404, 407 -> new Later("it answers " + code, FOR_A_PERSON);
                    case 408, 425, 429 -> new Later("it answers " + code, pause(head));
                    default -> new Refused("it answers " + code);
                };
            default -> new Later("it answers " + code, pause(head));
        };
    }

    private static Duration pause(String head) {
        Duration asked = head.lines()
                .map(line -> line.toLowerCase(Locale.ROOT))
                .filter(line -> line.matches("retry-after:\\s*\\d{1,6}\\s*"))
                .findFirst()
                .map(line ->
                        Duration.ofSeconds(Long.parseLong(line.substring(12).strip())))
                .orElse(Duration.ZERO);
        return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
    }

    /** Without the address, which may be a secret. */
    static String why(IOException e) {
        if (e instanceof UnknownHostException) {
            return "its name cannot be looked up";
        }
        if (e instanceof SocketTimeoutException) {
            return "no answer in time";
        }
        String message = Untrusted.line(String.valueOf(e.getMessage()));
        return e instanceof SSLException ? "TLS: " + message : message;
    }
}
