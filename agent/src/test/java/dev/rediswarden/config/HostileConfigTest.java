package dev.rediswarden.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in the file: a configuration, or a {@link ConfigException} of printable lines. */
class HostileConfigTest {

    private static final int ROUNDS = 600;
    private static final String GOOD = """
            [http]
            listen = "127.0.0.1:9180"
            [cycle]
            fast = "1s"
            [[redis]]
            name = "main"
            url = "redis://:hunter2@127.0.0.1:6379/0"
            timeout = "1s"
            [redis.checks]
            memory = "off"
            """;
    private static final List<String> PIECES = List.of(
            "[",
            "]",
            "[[",
            "]]",
            "=",
            "\"",
            "\"\"\"",
            "'",
            "\n",
            "{",
            "}",
            ",",
            ".",
            "#",
            "0x",
            "1e999",
            "-",
            "\\u0000",
            "\\",
            "\u0000",
            "\u001b[31m",
            "1979-05-27",
            "inf",
            "redis",
            "http",
            "x = 1\n",
            "\ud83d\ude00",
            "\t",
            "true");

    @TempDir
    private Path directory = Path.of("");

    private final Random random = new Random(20_260_102);

    @Test
    void mutationsOfAGoodFile() throws IOException {
        for (int round = 0; round < ROUNDS; round++) {
            StringBuilder text = new StringBuilder(GOOD);
            for (int i = random.nextInt(5); i >= 0; i--) {
                int at = random.nextInt(text.length() + 1);
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
                    case 1 -> text.delete(at, Math.min(text.length(), at + random.nextInt(12)));
                    default -> text.insert(at, (char) random.nextInt(0x250));
                }
            }
            examine(text.toString().getBytes(StandardCharsets.UTF_8));
        }
    }

    @Test
    void randomBytes() throws IOException {
        for (int round = 0; round < ROUNDS / 5; round++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            examine(bytes);
        }
    }

    @Test
    void deepNesting() throws IOException {
        for (String piece : List.of("[", "{a=", "a.", "[[", "'''")) {
            examine(("a = " + piece.repeat(20_000)).getBytes(StandardCharsets.UTF_8));
            examine(piece.repeat(20_000).getBytes(StandardCharsets.UTF_8));
        }
    }

    private void examine(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("redis-warden.toml"), bytes);
        try {
            Config config = ConfigReader.read(file);
            assertThat(config.redis()).isNotEmpty();
            assertThat(config.settings().toString()).doesNotContain("hunter2");
        } catch (ConfigException e) {
            assertThat(e.problems()).isNotEmpty();
            assertThat(e.problems())
                    .allSatisfy(problem -> assertThat(problem.toString())
                            .doesNotContain("hunter2")
                            .matches(line -> line.chars().noneMatch(Character::isISOControl), "is printable"));
        }
    }
}
