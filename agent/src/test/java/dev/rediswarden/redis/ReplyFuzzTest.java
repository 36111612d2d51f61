package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Replies and files of any bytes: an answer or the reason for none, never a throw, and never a secret. */
@Timeout(30)
class ReplyFuzzTest {

    private static final long SEED = 20_260_106;
    private static final String SECRET = "hunter2";
    private static final List<String> SECRETS =
            List.of("requirepass", "masterauth", "REQUIREPASS", "tls-key-file-pass");
    private static final String INFO = String.join(
            "\r\n",
            "# Server",
            "redis_version:7.0.15",
            "process_id:812",
            "config_file:/etc/redis.conf",
            "# Memory",
            "maxmemory:0",
            "used_memory:1048576",
            "role:master",
            "# Keyspace",
            "db0:keys=1,expires=0",
            "");
    private static final List<String> PIECES = List.of(
            "include ",
            "*",
            "?",
            "[",
            "]",
            "[!",
            "\"",
            "'",
            "\\x",
            "\\",
            " ",
            "\n",
            "\r",
            "\u0000",
            "..",
            "/",
            "dir ",
            "save ",
            "3600 1",
            "\"\"",
            "\nrequirepass hunter2\n",
            "maxmemory 999999999999999gb\n",
            "#",
            "\u00ff",
            "slave",
            "-");

    @TempDir
    private Path directory;

    private final Random random = new Random(SEED);

    @Test
    void anyInfoIsFields() {
        byte[] good = INFO.getBytes(UTF_8);
        for (int round = 0; round < 5_000; round++) {
            Fields fields = InfoReply.parse(round % 10 == 0 ? bytes(300) : mutated(good));

            assertThat(fields.values().keySet()).as(seed(round)).noneMatch(name -> name.startsWith("#"));
            fields.values().keySet().forEach(name -> {
                fields.number(name);
                fields.decimal(name);
            });
        }
    }

    /** As large as one may be, and of lines that name nothing: read at once, not once more for each line. */
    @Test
    @Timeout(5)
    void anInfoOfEmptyLinesIsReadOnce() {
        byte[] reply = new byte[ReplyBounds.MAX_BYTES];
        Arrays.fill(reply, (byte) '\n');

        assertThat(InfoReply.parse(reply).values()).isEmpty();
    }

    @Test
    void noFieldIsInventedByALossOfBytes() {
        Fields whole = InfoReply.parse(INFO.getBytes(UTF_8));
        for (int end = 0; end <= INFO.length(); end++) {
            Fields part = InfoReply.parse(INFO.substring(0, end).getBytes(UTF_8));

            assertThat(whole.values().keySet())
                    .as("the first %s bytes", end)
                    .containsAll(part.values().keySet());
        }
    }

    @Test
    void anyReplyToConfigGetIsParametersWithoutSecrets() {
        for (int round = 0; round < 5_000; round++) {
            ConfigReply reply = ConfigReply.of(element(3));

            String text = reply.parameters().fold(Fields::toString, Reading.Unknown::toString);
            assertThat(text).as(seed(round)).doesNotContain(SECRET);
        }
    }

    @Test
    void anyLineIsWordsOrUnbalanced() {
        for (int round = 0; round < 5_000; round++) {
            String line = new String(bytes(40), ISO_8859_1);
            Optional<List<String>> words = ConfLine.split(line);

            assertThat(words.orElse(List.of()).size()).as(seed(round)).isLessThanOrEqualTo(line.length());
        }
    }

    @Test
    void anyConfigurationIsFieldsOrAReason() throws IOException {
        Path conf = directory.resolve("redis.conf");
        Path other = directory.resolve("other.conf");
        Files.createDirectories(directory.resolve("redis.d"));
        for (int round = 0; round < 150; round++) {
            Files.write(conf, configuration(round));
            Files.write(other, configuration(round));
            Reading<Fields> read = new ConfProbe("main", List.of(conf)).read();

            String text = read.fold(Fields::toString, Reading.Unknown::toString);
            assertThat(text).as(seed(round)).doesNotContain(SECRET);
        }
    }

    /** The whole way: what a server that is broken or hostile says on the wire. */
    @Test
    void anyBytesOnTheWireAreAReading() {
        for (int round = 0; round < 60; round++) {
            byte[] talk = mutated(wire());
            try (ScriptedServer server = ScriptedServer.onTcp(peer -> {
                        peer.hear();
                        peer.channel().write(ByteBuffer.wrap(talk));
                        peer.channel().shutdownOutput();
                        peer.stall();
                    });
                    ServerProbe probe = new ServerProbe("main", target(server.url()), Policy.VPS, System::nanoTime)) {
                Reading<ServerState> reading = probe.read();

                assertThat(reading.fold(ServerState::toString, Reading.Unknown::toString))
                        .as(seed(round))
                        .doesNotContain(SECRET);
            }
        }
    }

    private static Target target(String url) {
        return new Target(
                Optional.of(URI.create(url)), List.of(), Optional.empty(), Optional.empty(), Duration.ofMillis(300));
    }

    private byte[] wire() {
        String config = "*4\r\n$7\r\nmaxmemory\r\n$1\r\n0\r\n$11\r\nrequirepass\r\n$7\r\n" + SECRET + "\r\n";
        String bulk = "$" + INFO.length() + "\r\n" + INFO + "\r\n";
        return ("+OK\r\n" + (random.nextBoolean() ? bulk : config) + bulk + config + ":3\r\n-ERR no\r\n+OK\r\n*-1\r\n")
                .getBytes(UTF_8);
    }

    private byte[] configuration(int round) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
            if (random.nextInt(4) == 0) {
                text.append("\ninclude ")
                        .append(directory)
                        .append('/')
                        .append(random.nextBoolean() ? "o*r.conf" : "*\n");
            }
        }
        return round % 5 == 0 ? bytes(200) : text.toString().getBytes(ISO_8859_1);
    }

    /** What Jedis may hand over: strings, numbers, nothing, errors, and lists of these. */
    private Object element(int depth) {
        return switch (random.nextInt(depth > 0 ? 6 : 3)) {
            case 0 -> bytes(20);
            case 1 -> random.nextLong();
            case 2 -> new IllegalStateException("ERR unknown command");
            default -> parameters(depth - 1);
        };
    }

    private List<Object> parameters(int depth) {
        List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
            boolean secret = random.nextInt(3) == 0;
            list.add(secret ? SECRETS.get(random.nextInt(SECRETS.size())).getBytes(UTF_8) : element(depth));
            if (i > 1 || random.nextBoolean()) {
                list.add(secret ? SECRET.getBytes(UTF_8) : element(depth));
            }
        }
        return list;
    }

    private byte[] mutated(byte[] good) {
        byte[] bytes = Arrays.copyOf(good, random.nextInt(8) == 0 ? random.nextInt(good.length) : good.length);
        for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String seed(int round) {
        return "seed " + SEED + ", round " + round;
    }
}
