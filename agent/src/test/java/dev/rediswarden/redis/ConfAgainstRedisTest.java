package dev.rediswarden.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.ServerState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Files made at random are read as a real server reads them. */
class ConfAgainstRedisTest {

    @TempDir
    private Path directory;

    private Random random = new Random();

    /** A dozen, or as many as {@code -Dseeds=} says. */
    static LongStream seeds() {
        return LongStream.rangeClosed(1, Long.getLong("seeds", 12));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void readsWhatRedisReads(long seed) throws Exception {
        random = new Random(seed);
        try (RedisServer server = RedisServer.in(directory)) {
            Path included = Files.write(directory.resolve("included-1.conf"), bytes(lines(10)));
            Files.write(directory.resolve("included-2.conf"), bytes(lines(10)));
            List<String> lines = lines(20);
            lines.add(random.nextInt(lines.size()), "include " + included);
            lines.add(random.nextInt(lines.size()), "INCLUDE \"" + directory + "/included-[12].c?nf\"");
            Files.write(server.conf(), bytes(lines), StandardOpenOption.APPEND);
            server.start();
            Fields read = new ConfProbe("main", List.of(server.conf()))
                    .read()
                    .optional()
                    .orElseThrow();
            try (ServerProbe probe = new ServerProbe("main", Targets.of(server), Policy.VPS, System::nanoTime)) {
                ServerState state = probe.read().optional().orElseThrow();
                Fields loaded = state.config().optional().orElseThrow();
                assertThat(read.values()).hasSizeGreaterThan(10);
                read.values()
                        .forEach((name, value) -> assertThat(
                                        (name.equals("config_file") ? state.info() : loaded).text(name))
                                .as("%s of seed %d", name, seed)
                                .contains(value));
            }
        }
    }

    private List<String> lines(int count) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            lines.add(blanks(0) + line() + blanks(0));
        }
        return lines;
    }

    private String line() {
        return switch (random.nextInt(14)) {
            case 0 ->
                directive("maxmemory", random.nextInt(1, 900) + pick("", "b", "k", "kb", "M", "MB", "mb", "g", "Gb"));
            case 1 -> directive("maxmemory-policy", pick("noeviction", "ALLKEYS-LRU", "volatile-ttl"));
            case 2 -> directive("appendonly", pick("no", "NO", "yes", "Yes"));
            case 3 -> directive("appendfsync", pick("always", "EverySec", "no"));
            case 4 -> pick("save 3600 1", "save 300 100 60 10000", "save \"\"", "save '900 1'", "SAVE 60 1");
            case 5 -> directive("dbfilename", pick("dump.rdb", "a b", "it's", "größe", "#1"));
            case 6 -> directive("proc-title-template", text());
            case 7 -> directive("timeout", String.valueOf(random.nextInt(1000)));
            case 8 -> directive(pick("slave-priority", "replica-priority"), String.valueOf(random.nextInt(200)));
            case 9 -> directive("repl-backlog-size", random.nextInt(1, 9) + pick("mb", "MB", "m"));
            case 10 -> directive("syslog-ident", text());
            case 11 -> directive("maxmemory-clients", random.nextInt(1, 90) + pick("%", "mb"));
            case 12 -> "# " + text();
            default -> directive("unixsocketperm", pick("700", "770", "777"));
        };
    }

    private String directive(String name, String value) {
        return (random.nextBoolean() ? name : name.toUpperCase(Locale.ROOT)) + blanks(1) + quoted(value);
    }

    private String quoted(String value) {
        boolean plain = value.chars().allMatch(c -> (Character.isLetterOrDigit(c) && c < 128) || c == '-' || c == '%');
        return switch (plain ? random.nextInt(3) : random.nextInt(1, 3)) {
            case 0 -> value;
            case 1 -> "'" + value.replace("'", "\\'") + "'";
            default -> "\"" + escaped(value) + "\"";
        };
    }

    private String escaped(String value) {
        StringBuilder out = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            out.append(
                    c > 126 || random.nextInt(4) == 0
                            ? String.format("\\x%02" + pick("x", "X"), c)
                            : c == '"' || c == '\\' ? "\\" + (char) c : String.valueOf((char) c));
        }
        return out.toString();
    }

    /** No backslash before a quote, which '…' cannot say. */
    private String text() {
        return pick("dump.rdb", "a b", "it's", "say \"x\"", "größe", "#1", "back\\slash x", "tab\tbed");
    }

    private String blanks(int least) {
        return pick(" ", "\t", "  ").repeat(least + random.nextInt(2));
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private static byte[] bytes(List<String> lines) throws IOException {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
