package dev.rediswarden.docker;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a real dockerd 20.10 answered, by path, given again over a real unix socket, in chunks. */
final class RecordedEngine implements AutoCloseable {

    private static final String NOT_FOUND = "{\"message\":\"page not found\"}";

    private final ServerSocketChannel server;
    private final Map<String, String> answers = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    RecordedEngine(Path socket) {
        try {
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "engine");
        thread.setDaemon(true);
        thread.start();
    }

    /** All that was recorded of a scene. */
    RecordedEngine scene(String name) {
        try (InputStream in = Objects.requireNonNull(RecordedEngine.class.getResourceAsStream(name + ".json"))) {
            JsonObject recorded = JsonParser.parseString(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getAsJsonObject();
            recorded.entrySet().forEach(entry -> {
                JsonObject answer = entry.getValue().getAsJsonObject();
                answer(
                        entry.getKey(),
                        answer.get("code").getAsInt(),
                        answer.get("body").getAsString());
            });
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RecordedEngine answer(String path, int code, String body) {
        int middle = body.length() / 2;
        return raw(
                path,
                "HTTP/1.1 " + code + " X\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n"
                        + chunk(body.substring(0, middle)) + chunk(body.substring(middle)) + "0\r\n\r\n");
    }

    synchronized RecordedEngine raw(String path, String answer) {
        answers.put(path, answer);
        return this;
    }

    /** The paths that were asked for so far, each with its method. */
    synchronized List<String> asked() {
        return List.copyOf(asked);
    }

    private static String chunk(String text) {
        return text.isEmpty()
                ? ""
                : Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n";
    }

    private void serve() {
        while (true) {
            try (SocketChannel client = server.accept()) {
                ByteBuffer question = ByteBuffer.allocate(8 << 10);
                String head = "";
                while (!head.endsWith("\r\n\r\n") && client.read(question) >= 0) {
                    head = new String(question.array(), 0, question.position(), StandardCharsets.US_ASCII);
                }
                ByteBuffer answer = StandardCharsets.UTF_8.encode(answer(head));
                while (answer.hasRemaining()) {
                    client.write(answer);
                }
            } catch (IOException e) {
                if (!server.isOpen()) {
                    return;
                }
            }
        }
    }

    private synchronized String answer(String head) {
        String[] words = head.split(" ", 3);
        asked.add(words[0] + " " + words[1]);
        return answers.getOrDefault(
                words[1], "HTTP/1.1 404 Not Found\r\nContent-Length: " + NOT_FOUND.length() + "\r\n\r\n" + NOT_FOUND);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
