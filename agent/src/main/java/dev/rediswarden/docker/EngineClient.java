package dev.rediswarden.docker;

import dev.rediswarden.snapshot.Engine;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Untrusted;
import dev.rediswarden.socket.Deadline;
import dev.rediswarden.socket.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;

/**
 * Asks one engine, each question on a connection of its own with one bound for all of it. GET is the only method that it
 * can send. The API's version is agreed upon once, and anew after a failure: the engine may be another one by then.
 */
final class EngineClient {

    /** A service or a node is some kB; one is taken out of an answer at a time, or the heap would need ten times as much. */
    private static final int MOST_BYTES = 2 << 20;

    private final Engine engine;
    private final EngineSocket sockets;
    private final LongSupplier nanos;
    private Optional<ApiVersion> version = Optional.empty();

    EngineClient(Engine engine, LongSupplier nanos) {
        this.engine = engine;
        this.sockets = new EngineSocket(engine);
        this.nanos = nanos;
    }

    /**
     * The answer to {@code GET path}; empty where the engine knows no such thing.
     *
     * @param path with its query, each part of it as a URL has it
     */
    Optional<Json> get(String path) throws Failed {
        Optional<String> body = body(path);
        return body.isPresent() ? Optional.of(json(body.get(), path)) : Optional.empty();
    }

    /** What is made of each item of an answer that is an array; none where the engine knows no such thing. */
    <T> List<T> each(String path, Function<Json, T> made) throws Failed {
        try {
            return Json.each(body(path).orElse("[]"), made);
        } catch (Json.NotJson e) {
            throw notJson(path);
        }
    }

    private Optional<String> body(String path) throws Failed {
        boolean agreed = false;
        try {
            Reply reply = exchange(agreedUpon().prefix() + path);
            if (reply.code() == 400 && reply.body().contains("client version")) {
                // A proxy that answers for another engine than it asks, or one that was replaced since.
                version = Optional.of(ApiVersion.NONE);
                reply = exchange(path);
            }
            Optional<String> body = answer(reply, path);
            agreed = true;
            return body;
        } finally {
            if (!agreed) {
                version = Optional.empty();
            }
        }
    }

    private ApiVersion agreedUpon() throws Failed {
        if (version.isEmpty()) {
            Reply reply = exchange("/version");
            version =
                    Optional.of(reply.code() == 200 ? ApiVersion.of(json(reply.body(), "/version")) : ApiVersion.NONE);
        }
        return version.get();
    }

    private Optional<String> answer(Reply reply, String path) throws Failed {
        String asked = where() + " answers GET " + bare(path);
        switch (reply.code()) {
            case 200 -> {
                return Optional.of(reply.body());
            }
            case 404 -> {
                return Optional.empty();
            }
            case 401, 403 -> throw new Failed(Cause.DENIED, asked + " with HTTP " + reply.code() + ": it is forbidden");
            // 406 before Docker 17.
            case 406, 503 -> throw new Failed(Cause.UNAVAILABLE, asked + " with: " + said(reply));
            default ->
                throw new Failed(
                        reply.code() == 400 ? Cause.UNSUPPORTED : Cause.FAILED,
                        asked + " with HTTP " + reply.code() + ": " + said(reply));
        }
    }

    private static String bare(String path) {
        return path.replaceFirst("\\?.*", "");
    }

    private static String said(Reply reply) {
        try {
            return Json.parse(reply.body()).text("message").orElse("without a reason");
        } catch (Json.NotJson e) {
            return Untrusted.line(reply.body().lines().findFirst().orElse("without a reason"));
        }
    }

    private Json json(String body, String path) throws Failed {
        try {
            return Json.parse(body);
        } catch (Json.NotJson e) {
            throw notJson(path);
        }
    }

    private Failed notJson(String path) {
        return new Failed(Cause.FAILED, where() + " answers GET " + bare(path) + " with what is no JSON");
    }

    private Reply exchange(String path) throws Failed {
        Deadline deadline = Deadline.in(engine.timeout(), nanos);
        try (Socket socket = sockets.connect(deadline)) {
            OutputStream out = socket.getOutputStream();
            out.write(request(path).getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return Reply.read(socket.getInputStream(), MOST_BYTES);
        } catch (SocketTimeoutException e) {
            throw new Failed(
                    Cause.TIMEOUT,
                    where() + " has not answered within " + engine.timeout().toMillis() + " ms");
        } catch (AccessDeniedException e) {
            throw new Failed(Cause.DENIED, "this user may not connect to " + e.getFile());
        } catch (UnknownHostException e) {
            throw new Failed(Cause.UNAVAILABLE, "the name of " + where() + " cannot be looked up");
        } catch (SSLException e) {
            throw new Failed(Cause.FAILED, "TLS with " + where() + ": " + e.getMessage());
        } catch (Reply.NotUnderstood | Reply.BrokenOff e) {
            throw new Failed(Cause.FAILED, where() + " is not understood: " + e.getMessage());
        } catch (IOException e) {
            throw new Failed(
                    Cause.UNAVAILABLE, isAbsent() ? "there is no " + where() : where() + ": " + e.getMessage());
        }
    }

    private boolean isAbsent() {
        return engine.door() instanceof Engine.Unix unix && Files.notExists(Path.of(unix.socket()));
    }

    private String where() {
        return engine.door().text();
    }

    /** Docker's own client names no host on a unix socket either. */
    private String request(String path) {
        String host = engine.door() instanceof Engine.Tcp tcp ? tcp.text() : "docker";
        return "GET " + path + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: redis-warden\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
    }

    /** Why there is no answer, in one sentence for an operator. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1;

        private final Cause cause;

        Failed(Cause cause, String detail) {
            super(detail, null, false, false);
            this.cause = cause;
        }

        Cause why() {
            return cause;
        }

        String detail() {
            return String.valueOf(getMessage());
        }
    }
}
