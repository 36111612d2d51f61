package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files of the kernel and of root with any bytes in them: a value or the reason for none, never a throw. */
@Timeout(30)
class HostFilesFuzzTest {

    private static final long SEED = 20_260_107;
    private static final String HEADING =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n";
    private static final String OPEN =
            "   0: 00000000:18EB 00000000:0000 0A 00000000:00000000 00:00000000 00000000   110"
                    + "        0 20134 1 0000000000000000 100 0 0 10 0\n";
    private static final String STATE = """
            paused until 2026-01-02T03:04:05Z
            budget redis-server.service 2
            left celery.service gave up
            failed celery.service no space
            actions done 3
            """;
    private static final List<String> KERNEL = List.of(
            "proc/sys/vm/overcommit_memory",
            "sys/kernel/mm/transparent_hugepage/enabled",
            "sys/devices/system/clocksource/clocksource0/current_clocksource",
            "sys/devices/system/clocksource/clocksource0/available_clocksource",
            "proc/sys/net/core/somaxconn",
            "run/systemd/container");

    private static final Listener NOT_TOLD = Given.listener("0.0.0.0", 1);

    @TempDir
    private Path root;

    private final Random random = new Random(SEED);

    @Test
    void anyTableOfSocketsIsReadOrRefused() throws IOException {
        for (int round = 0; round < 200; round++) {
            Files.write(root.resolve("tcp"), mutated(HEADING + OPEN));
            Files.write(
                    root.resolve("tcp6"),
                    round % 5 == 0
                            ? bytes(300)
                            : mutated(HEADING + OPEN.replace("00000000:18EB", "0".repeat(32) + ":18EB")));
            Reading<List<Listener>> read = new ListenersProbe(root).read();

            assertThat(read.optional().orElse(List.of())).as(seed(round)).hasSizeLessThan(20);
        }
    }

    /** One digit or blank of the line of a listening socket is no such: it is told, or that the table is none. */
    @Test
    void noSpoiltSocketIsLostInSilence() throws IOException {
        for (int at = 0; at < OPEN.length() - 1; at++) {
            int state = OPEN.indexOf(" 0A ");
            if (at < state || at > state + 3) {
                String spoilt = OPEN.substring(0, at) + "#" + OPEN.substring(at + 1);
                Files.writeString(root.resolve("tcp"), HEADING + spoilt);

                assertThat(new ListenersProbe(root).read().optional().orElse(List.of(NOT_TOLD)))
                        .as("byte %s: %s", at, spoilt)
                        .hasSize(1);
            }
        }
    }

    @Test
    void anySettingOfTheKernelIsReadOrUnknown() throws IOException {
        for (String file : KERNEL) {
            Files.createDirectories(root.resolve(file).getParent());
        }
        List<String> good = List.of("1\n", "always [madvise] never\n", "tsc\n", "tsc hpet\n", "4096\n", "lxc\n");
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < KERNEL.size(); i++) {
                Files.write(root.resolve(KERNEL.get(i)), round % 5 == 0 ? bytes(30) : mutated(good.get(i)));
            }
            KernelSettings read =
                    new KernelProbe(root, System::nanoTime).read().optional().orElseThrow();

            assertThat(read.container())
                    .as(seed(round))
                    .matches(text -> text.chars().noneMatch(Character::isISOControl));
            read.overcommit()
                    .optional()
                    .ifPresent(mode ->
                            assertThat(mode).as("whatever it is, a number").isNotNull());
        }
    }

    @Test
    void anyDecisionOfRootIsReadOrUnknown() throws IOException {
        Path file = root.resolve("state");
        for (int round = 0; round < 200; round++) {
            Files.write(file, round % 5 == 0 ? bytes(200) : mutated(STATE));
            Reading<Stewardship> read = new StewardshipProbe(file).read();

            assertThat(read.optional().orElse(Stewardship.NONE).budget())
                    .as(seed(round))
                    .hasSizeLessThan(10);
        }
    }

    private byte[] mutated(String good) {
        byte[] bytes = good.getBytes(ISO_8859_1);
        bytes = Arrays.copyOf(bytes, random.nextInt(8) == 0 ? random.nextInt(bytes.length) : bytes.length);
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
