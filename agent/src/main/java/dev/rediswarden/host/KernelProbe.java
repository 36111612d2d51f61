package dev.rediswarden.host;

import dev.rediswarden.snapshot.GrowthWindow;
import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads the kernel's settings from {@code /proc/sys} and {@code /sys}, of which every user may read these. */
public final class KernelProbe implements Probe<KernelSettings> {

    private static final String HUGEPAGES = "sys/kernel/mm/transparent_hugepage";
    private static final String CLOCKSOURCE = "sys/devices/system/clocksource/clocksource0";

    private static final Pattern AVAILABLE = Pattern.compile("^MemAvailable: +(\\d{1,15}) kB$", Pattern.MULTILINE);

    /** One line of some hundred, for which the first 4 kB are not enough. */
    private static final String OOM_KILLS = "oom_kill ";

    private static final Duration WINDOW = Duration.ofMinutes(10);

    private final Path root;
    private final LongSupplier nanos;
    private final GrowthWindow killed = new GrowthWindow(WINDOW);

    /** @param nanos a monotonic clock in nanoseconds */
    public KernelProbe(LongSupplier nanos) {
        this(Path.of("/"), nanos);
    }

    KernelProbe(Path root, LongSupplier nanos) {
        this.root = root;
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return "the kernel's settings";
    }

    @Override
    public Reading<KernelSettings> read() {
        return Reading.known(new KernelSettings(
                read("proc/sys/vm/overcommit_memory", Long::valueOf),
                hugepages(),
                read(CLOCKSOURCE + "/current_clocksource", Function.identity()),
                read(CLOCKSOURCE + "/available_clocksource", text -> List.of(text.split("\\s+", -1))),
                read("proc/sys/net/core/somaxconn", Long::valueOf),
                read("proc/meminfo", KernelProbe::available),
                oomKills(),
                container()));
    }

    /** A kernel that was built without them has no such directory, and gives nobody a huge page. */
    private Reading<String> hugepages() {
        return Files.notExists(root.resolve(HUGEPAGES)) && Files.exists(root.resolve("sys/kernel/mm"))
                ? Reading.known("never")
                : read(HUGEPAGES + "/enabled", KernelProbe::chosen);
    }

    /** The word in brackets: {@code always [madvise] never}. */
    private static String chosen(String text) {
        int open = text.indexOf('[');
        int close = text.indexOf(']', open + 1);
        if (open < 0 || close < 0) {
            throw new IllegalArgumentException("'" + text + "'");
        }
        return text.substring(open + 1, close);
    }

    private static Long available(String meminfo) {
        Matcher matcher = AVAILABLE.matcher(meminfo);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no MemAvailable");
        }
        return Long.parseLong(matcher.group(1)) << 10;
    }

    private Reading<Long> oomKills() {
        Path file = root.resolve("proc/vmstat");
        try (Stream<String> lines = Files.lines(file)) {
            Optional<String> line = lines.filter(l -> l.startsWith(OOM_KILLS)).findFirst();
            if (line.isEmpty()) {
                return Reading.unknown(Cause.UNSUPPORTED, "this kernel does not count whom it kills");
            }
            long count = Long.parseLong(line.get().substring(OOM_KILLS.length()).strip());
            return Reading.known(killed.observe("", Map.of(OOM_KILLS, count), nanos.getAsLong())
                    .of(OOM_KILLS));
        } catch (IOException | UncheckedIOException | NumberFormatException e) {
            return Reading.unknown(Cause.FAILED, file + " could not be read: " + e);
        }
    }

    private <T> Reading<T> read(String path, Function<String, T> meaning) {
        Path file = root.resolve(path);
        try {
            return Reading.known(meaning.apply(Kernel.text(file)));
        } catch (NoSuchFileException e) {
            return Reading.unknown(Cause.UNAVAILABLE, "there is no " + file);
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, file + " may not be read");
        } catch (IOException | IllegalArgumentException e) {
            return Reading.unknown(Cause.FAILED, file + " could not be read: " + e);
        }
    }

    /** systemd writes it down where it boots in one (https://systemd.io/CONTAINER_INTERFACE/). */
    private String container() {
        return read("run/systemd/container", Function.identity()).optional().orElse("");
    }
}
