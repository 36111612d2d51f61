package dev.rediswarden.host;

import dev.rediswarden.snapshot.OwnProcess;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at the process that it runs in (proc(5)). */
public final class OwnProcessProbe implements Probe<OwnProcess> {

    private static final Path SELF = Path.of("/proc/self");

    /** The kernel tells times to programs in hundredths on every architecture that Java runs on. */
    private static final double TICKS_PER_SECOND = 100;

    /** In what follows the name, which may hold blanks and brackets: utime and stime. */
    private static final int UTIME = 11;

    private final Instant startedAt =
            ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);

    @Override
    public String name() {
        return "own process";
    }

    @Override
    public Reading<OwnProcess> read() {
        try {
            String stat = Kernel.text(SELF.resolve("stat"));
            String[] times = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            String status = Kernel.text(SELF.resolve("status"));
            Runtime java = Runtime.getRuntime();
            return Reading.known(new OwnProcess(
                    (Long.parseLong(times[UTIME]) + Long.parseLong(times[UTIME + 1])) / TICKS_PER_SECOND,
                    startedAt,
                    number(status, "VmRSS:\\s*(\\d+) kB") << 10,
                    number(status, "VmSize:\\s*(\\d+) kB") << 10,
                    number(status, "Threads:\\s*(\\d+)"),
                    openFiles(),
                    number(Kernel.text(SELF.resolve("limits")), "Max open files\\s+(\\d+)"),
                    java.totalMemory() - java.freeMemory(),
                    java.totalMemory(),
                    java.maxMemory()));
        } catch (IOException | RuntimeException e) {
            return Reading.unknown(Cause.FAILED, "/proc/self: " + e);
        }
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(SELF.resolve("fd"))) {
            return files.count() - 1; // without the one that counts
        }
    }

    private static long number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern);
        }
        return Long.parseLong(found.group(1));
    }
}
