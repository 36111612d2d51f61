package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.KernelSettings;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelProbeTest {

    private static final String CLOCK = "sys/devices/system/clocksource/clocksource0/";

    @TempDir
    private Path root = Path.of("");

    private final AtomicLong now = new AtomicLong();
    private KernelProbe probe = new KernelProbe(root, now::get);

    @BeforeEach
    void prepare() {
        probe = new KernelProbe(root, now::get);
    }

    @Test
    void everySettingIsRead() throws IOException {
        file("proc/sys/vm/overcommit_memory", "2\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
        file(CLOCK + "current_clocksource", "hpet\n");
        file(CLOCK + "available_clocksource", "hpet acpi_pm \n");
        file("proc/sys/net/core/somaxconn", "128\n");
        file("proc/meminfo", "MemTotal:        2048000 kB\nMemAvailable:    1024 kB\nBuffers: 1 kB\n");
        file("proc/vmstat", "nr_free_pages 1\noom_kill 3\n");
        file("run/systemd/container", "lxc\n");

        assertThat(read())
                .isEqualTo(new KernelSettings(
                        Reading.known(2L),
                        Reading.known("always"),
                        Reading.known("hpet"),
                        Reading.known(List.of("hpet", "acpi_pm")),
                        Reading.known(128L),
                        Reading.known(1L << 20),
                        Reading.known(0L),
                        "lxc"));
    }

    @Test
    void whomTheKernelKillsIsCountedForTenMinutes() throws IOException {
        file("proc/vmstat", "pgfault 1\n".repeat(1_000) + "oom_kill 7\noom_killer 9\n");
        assertThat(read().oomKills()).as("when those seven were is not known").isEqualTo(Reading.known(0L));
        file("proc/vmstat", "oom_kill 9\n");
        assertThat(read().oomKills()).isEqualTo(Reading.known(2L));
        now.addAndGet(Duration.ofMinutes(10).toNanos());
        assertThat(read().oomKills()).isEqualTo(Reading.known(0L));
    }

    @Test
    void theSettingsOfThisKernelAreUnderstood() throws IOException {
        KernelSettings here =
                new KernelProbe(System::nanoTime).read().optional().orElseThrow();
        Process sysctl = new ProcessBuilder("cat", "/proc/sys/net/core/somaxconn").start();
        String said = new String(sysctl.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

        assertThat(here.overcommit().optional().orElseThrow()).isBetween(0L, 2L);
        assertThat(here.somaxconn()).isEqualTo(Reading.known(Long.valueOf(said.strip())));
    }

    @Test
    void aKernelWithoutHugePagesGivesNone() throws IOException {
        Files.createDirectories(root.resolve("sys/kernel/mm"));

        assertThat(read().hugepages()).isEqualTo(Reading.known("never"));
    }

    @Test
    void whatIsHiddenOrStrangeIsUnknownByItself() throws IOException {
        file("proc/sys/vm/overcommit_memory", "much\n");
        file("proc/sys/net/core/somaxconn", "4096\n");

        KernelSettings settings = read();

        assertThat(cause(settings.overcommit())).isEqualTo(Cause.FAILED);
        assertThat(cause(settings.hugepages())).isEqualTo(Cause.UNAVAILABLE);
        assertThat(cause(settings.clocksource())).isEqualTo(Cause.UNAVAILABLE);
        assertThat(settings.somaxconn()).isEqualTo(Reading.known(4096L));
        assertThat(settings.container()).isEmpty();
    }

    private static Cause cause(Reading<?> reading) {
        return ((Unknown<?>) reading).cause();
    }

    private KernelSettings read() {
        return probe.read().optional().orElseThrow();
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
