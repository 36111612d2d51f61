package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rediswarden.redis.RedisServer;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The manifests that Redis 7 writes are read right; and what its own tool refuses never passes for a good one. */
@Timeout(90)
class AofManifestAgainstRedisTest {

    private static final long SEED = 20_260_108;
    private static final int ROUNDS = 250;
    private static final String NAME = "a \"b'.aof";
    private static final String DIRECTORY = "the dir";

    @TempDir
    private Path dir = Path.of("");

    private final Random random = new Random(SEED);

    @Test
    void namesThatRedisHasToQuoteAreRead() throws Exception {
        written();
        assertThat(Files.readString(manifest())).contains("file \"a \\\"b'.aof.2.base.rdb\" seq 2 type b");

        assertThat(lacking()).isEqualTo(Reading.known(List.of()));
        Files.delete(aof().resolve(NAME + ".2.incr.aof"));
        assertThat(lacking()).isEqualTo(Reading.known(List.of(NAME + ".2.incr.aof")));
    }

    @Test
    void whatRedisWouldNotLoadIsNeverGood() throws Exception {
        written();
        byte[] good = Files.readAllBytes(manifest());
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Files.write(manifest(), mutated(good));
            if (!isGoodForRedis()) {
                refused++;
                assertThat(lacking())
                        .as("seed %s, round %s: %s", SEED, round, Files.readString(manifest(), ISO_8859_1))
                        .isNotEqualTo(Reading.known(List.of()));
            }
        }
        assertThat(refused).as("mutations that matter").isGreaterThan(ROUNDS / 4);
    }

    /** A directory that a real server has written, and rewritten once. */
    private void written() {
        try (RedisServer redis = RedisServer.in(dir)
                .with("appendonly yes", "appendfilename \"" + NAME.replace("\"", "\\\"") + '"')
                .with("appenddirname \"" + DIRECTORY + '"')
                .start()) {
            redis.cli("SET", "key", "value");
            redis.cli("BGREWRITEAOF");
            await().until(() -> Files.exists(aof().resolve(NAME + ".2.base.rdb"))
                    && redis.cli("INFO", "persistence").contains("aof_rewrite_in_progress:0"));
            redis.stop();
        }
    }

    /** By the parser that the server itself has. */
    private boolean isGoodForRedis() throws IOException, InterruptedException {
        Process tool = new ProcessBuilder("redis-check-aof", manifest().toString())
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("output").toFile())
                .start();
        assertThat(tool.waitFor(20, TimeUnit.SECONDS)).isTrue();
        return tool.exitValue() == 0;
    }

    private Reading<List<String>> lacking() {
        Map<String, String> config =
                Map.of("dir", dir.toString(), "appendonly", "yes", "appenddirname", DIRECTORY, "appendfilename", NAME);
        Given server = Given.healthy().withConfig(Reading.known(config));
        return new DataFilesProbe("main", server.state("main")::server)
                .read()
                .optional()
                .orElseThrow()
                .files()
                .lacking();
    }

    /** A few bytes are others, or gone, or there twice; or a line is; or the end is missing. */
    private byte[] mutated(byte[] good) {
        StringBuilder text = new StringBuilder(new String(good, ISO_8859_1));
        for (int i = random.nextInt(3); i >= 0; i--) {
            int at = random.nextInt(text.length());
            int line = text.lastIndexOf("\n", at) + 1;
            switch (random.nextInt(7)) {
                case 0 -> text.setCharAt(at, (char) random.nextInt(256));
                case 1 -> text.deleteCharAt(at);
                case 2 -> text.insert(at, text.charAt(at));
                case 3 -> text.insert(at, pick("\n", "\r", " ", "\"", "'", "\\", "\0", "#", "/", "0", "-"));
                case 4 -> text.insert(line, text.substring(line));
                case 5 -> text.setLength(at + 1);
                default -> text.insert(line, pick("# more\n", "\n", "file x seq 1 type h\n", "key value "));
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private Path aof() {
        return dir.resolve(DIRECTORY);
    }

    private Path manifest() {
        return aof().resolve(NAME + ".manifest");
    }
}
