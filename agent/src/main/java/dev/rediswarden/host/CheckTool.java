package dev.rediswarden.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** Finds the server's own tools for its files, and runs one at a time. */
public final class CheckTool implements AutoCloseable {

    /** Where packages, and who builds from source, put them; never where a server says that it lies itself. */
    public static final List<Path> DIRECTORIES = List.of(Path.of("/usr/bin"), Path.of("/usr/local/bin"));

    private static final long LOOK_MILLIS = 200;

    /** Of what a tool says, beginning and end are kept. */
    private static final int MOST_WORDS = 32 << 10;

    /**
     * How a tool has ended.
     *
     * @param exit 128 and more where a signal has ended it
     */
    record Ran(int exit, String words) {

        boolean isKilled() {
            return exit > 128;
        }
    }

    /** Its standard input, by the name under which a process finds it. */
    static final String INPUT = "/proc/self/fd/0";

    static final Path NO_INPUT = Path.of("/dev/null");

    /** For what nobody waits for. */
    static final Watcher UNWATCHED = new Watcher() {

        @Override
        public void begun(long pid) {}

        @Override
        public void accept(long read) {}
    };

    private final List<Path> directories;
    private volatile @Nullable Process running;

    public CheckTool(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /**
     * The tool's path.
     *
     * @param kind rdb or aof
     * @param valkey whether the server is one, whose tools are asked for first
     * @param server where the server's program says that it is: its version's tools lie beside it
     */
    Optional<Path> find(String kind, boolean valkey, String server) {
        List<String> names = valkey
                ? List.of("valkey-check-" + kind, "redis-check-" + kind)
                : List.of("redis-check-" + kind, "valkey-check-" + kind);
        for (String name : names) {
            Optional<Path> found = directories.stream()
                    .sorted((one, other) -> Boolean.compare(isOf(other, server), isOf(one, server)))
                    .map(directory -> directory.resolve(name))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(Path directory, String server) {
        return server.startsWith(directory + "/");
    }

    /** Told how far a tool has read, and once it has begun. */
    interface Watcher extends LongConsumer {

        void begun(long pid);
    }

    /**
     * Runs it to its end.
     *
     * @param input opened as its standard input; what it reads is named by the last of the words
     * @throws IOException where it could not be run
     */
    Ran run(List<String> words, Path input, Watcher watcher) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectInput(input.toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("LC_ALL", "C");
        Process process = builder.start();
        running = process;
        try {
            beFirstToGo(process);
            watcher.begun(process.pid());
            String last = words.get(words.size() - 1);
            return watched(process, last.equals(INPUT) ? input.toString() : last, watcher);
        } finally {
            process.destroyForcibly();
            running = null;
        }
    }

    private static Ran watched(Process process, String file, Watcher watcher) throws IOException {
        StringBuilder words = new StringBuilder();
        InputStream out = process.getInputStream();
        try {
            while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                // A tool whose pipe is full would wait for ever.
                keep(words, out.readNBytes(out.available()));
                watcher.accept(position(process.pid(), file));
            }
            for (byte[] more = out.readNBytes(MOST_WORDS); more.length > 0; more = out.readNBytes(MOST_WORDS)) {
                keep(words, more);
            }
            return new Ran(process.exitValue(), words.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void keep(StringBuilder words, byte[] more) {
        words.append(new String(more, StandardCharsets.UTF_8));
        if (words.length() > MOST_WORDS) {
            words.delete(MOST_WORDS / 2, words.length() - MOST_WORDS / 2);
        }
    }

    /** Where memory runs out, the kernel ends the tool, and not who tells of it. */
    private static void beFirstToGo(Process process) {
        try {
            Files.writeString(Path.of("/proc/" + process.pid() + "/oom_score_adj"), "1000");
        } catch (IOException e) {
            // It has ended already, or is as likely to go as it was.
        }
    }

    /** How far it is in that file (proc_pid_fdinfo(5)); 0 where that is not seen. */
    private static long position(long pid, String file) {
        long furthest = 0;
        Path process = Path.of("/proc/" + pid);
        try (DirectoryStream<Path> open = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : open) {
                // A file that was replaced meanwhile is called NAME (deleted).
                if (Files.readSymbolicLink(descriptor).toString().startsWith(file)) {
                    String number = String.valueOf(descriptor.getFileName());
                    furthest = Math.max(
                            furthest, position(process.resolve("fdinfo").resolve(number)));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return furthest;
        }
        return furthest;
    }

    private static long position(Path fdinfo) throws IOException {
        String first = Kernel.text(fdinfo).lines().findFirst().orElse("");
        String number = first.replaceFirst("^pos:\\s*", "");
        return number.matches("\\d{1,18}") ? Long.parseLong(number) : 0;
    }

    /** Ends the tool that runs, from any thread. */
    @Override
    public void close() {
        Process process = running;
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
