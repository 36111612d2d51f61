package dev.rediswarden.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.Soon;
import dev.rediswarden.history.Event.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events in a real file: the newest first, bounded, and whole or not at all. */
class EventLogTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    @TempDir
    private Path directory;

    private EventLog log;

    @BeforeEach
    void inADirectory() {
        log = new EventLog(directory.resolve("events"), "rw-r--r--");
    }

    @Test
    void theNewestIsToldFirst() throws IOException {
        log.append(List.of(event(1), event(2)));
        log.append(List.of(event(3)));

        assertThat(log.newest(10)).containsExactly(event(3), event(2), event(1));
        assertThat(log.newest(2)).containsExactly(event(3), event(2));
        assertThat(Files.getPosixFilePermissions(log.file())).isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
    }

    @Test
    void withoutAFileThereIsNothing() throws IOException {
        assertThat(log.newest(10)).isEmpty();
    }

    @Test
    void whatServersSayGetsNeitherIntoAnotherLineNorIntoATerminal() throws IOException {
        Event hostile = new Event(NOW, Kind.CONFIG, "main", "a\tb\nc", "\u001b[2J" + "x".repeat(1 << 20));
        log.append(List.of(hostile));

        assertThat(log.newest(10)).containsExactly(hostile);
        assertThat(hostile.subject()).isEqualTo("a b c");
        assertThat(hostile.text()).hasSizeLessThan(500).doesNotContain("\u001b");
        assertThat(Files.size(log.file())).isLessThan(1000);
    }

    @Test
    void aTornLineIsNoneAndHarmsNoOther() throws IOException {
        log.append(List.of(event(1)));
        long first = Files.size(log.file());
        log.append(List.of(event(2)));
        byte[] whole = Files.readAllBytes(log.file());
        for (int length = (int) first; length < whole.length - 1; length++) {
            Files.write(log.file(), Arrays.copyOf(whole, length));
            assertThat(log.newest(10)).as("after %d bytes", length).containsExactly(event(1));
            log.append(List.of(event(3)));
            assertThat(log.newest(10)).containsExactly(event(3), event(1));
        }
    }

    @Test
    void garbageIsSkipped() throws IOException {
        log.append(List.of(event(1)));
        Files.write(
                log.file(),
                (Files.readString(log.file()).replace("text", "test") + "\0\377\n\t\t\t\t\t\n" + EventLine.of(event(2)))
                        .getBytes(StandardCharsets.ISO_8859_1));

        assertThat(log.newest(10)).containsExactly(event(2));
    }

    @Test
    void itStaysSmall() throws IOException {
        for (int round = 0; round < 100; round++) {
            int from = round * 100;
            log.append(IntStream.range(from, from + 100)
                    .mapToObj(EventLogTest::event)
                    .toList());
        }
        try (var files = Files.list(directory)) {
            assertThat(files.mapToLong(file -> file.toFile().length()).sum()).isLessThan(3L * EventLog.MOST_BYTES);
        }
        assertThat(log.newest(2000)).hasSize(2000).first().isEqualTo(event(9999));
    }

    /** Another command of root's: locks a file, and ends when it is told to. */
    static final class Other {

        private Other() {}

        public static void main(String[] args) throws IOException {
            try (FileChannel file = FileChannel.open(Path.of(args[0]), StandardOpenOption.WRITE)) {
                file.lock();
                System.out.println("locked");
                System.exit(System.in.read());
            }
        }
    }

    @Test
    void whoWaitedWhileTheFileWasFilledWritesIntoTheNextOne() throws Exception {
        log.append(List.of(event(1)));
        Path full = directory.resolve("events.1");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName(),
                        log.file().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(other.inputReader(StandardCharsets.UTF_8).readLine()).isEqualTo("locked");
            String inode = String.valueOf(Files.getAttribute(log.file(), "unix:ino"));
            CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
                try {
                    log.append(List.of(event(2)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            // proc(5): "->" stands before the lock that waits.
            Soon.await()
                    .until(() -> Files.readString(Path.of("/proc/locks"))
                            .lines()
                            .anyMatch(line -> line.contains("->") && line.contains(":" + inode + " ")));
            Files.writeString(log.file(), "x".repeat(EventLog.MOST_BYTES), StandardOpenOption.APPEND);
            Files.move(log.file(), full);
            other.getOutputStream().close();
            waiting.get(20, TimeUnit.SECONDS);
        } finally {
            other.destroyForcibly();
        }
        assertThat(log.file()).content().isEqualTo(EventLine.of(event(2)) + "\n");
        assertThat(full).content().startsWith(EventLine.of(event(1)) + "\n");
    }

    @Test
    void logsAreToldAsOneWithoutWhatIsTooOld() throws IOException {
        EventLog other = new EventLog(directory.resolve("others"), "rw-------");
        log.append(List.of(event(-91 * 86_400), event(1), event(3)));
        other.append(List.of(event(2), event(4)));
        Events events = new EventFiles(List.of(log, other), () -> NOW.plus(Duration.ofSeconds(5)), new Turnstile());

        assertThat(events.newest(10)).containsExactly(event(4), event(3), event(2), event(1));
        assertThat(events.newest(1)).containsExactly(event(4));
        assertThat(events.since(NOW.plusSeconds(3), 10)).containsExactly(event(4), event(3));
    }

    private static Event event(int seconds) {
        return new Event(NOW.plusSeconds(seconds), Kind.STATUS, "main", "ping", "text " + seconds);
    }
}
