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
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelProbeTest {

    private static final String CLOCK = "sys/devices/system/clocksource/clocksource0/";

    @TempDir
    private Path root = Path.of("");

    @Test
    void everySettingIsRead() throws IOException {
        file("proc/sys/vm/overcommit_memory", "2\n");
        file("sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never\n");
        file(CLOCK + "current_clocksource", "hpet\n");
        file(CLOCK + "available_clocksource", "hpet acpi_pm \n");
        file("proc/sys/net/core/somaxconn", "128\n");
        file("proc/meminfo", "MemTotal:        2048000 kB\nMemAvailable:    1024 kB\nBuffers: 1 kB\n");
        file("run/systemd/container", "lxc\n");

        assertThat(read())
                .isEqualTo(new KernelSettings(
                        Reading.known(2L),
                        Reading.known("always"),
                        Reading.known("hpet"),
                        Reading.known(List.of("hpet", "acpi_pm")),
                        Reading.known(128L),
                        Reading.known(1L << 20),
                        "lxc"));
    }

    @Test
    void theSettingsOfThisKernelAreUnderstood() throws IOException {
        KernelSettings here = new KernelProbe().read().optional().orElseThrow();
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
        return new KernelProbe(root).read().optional().orElseThrow();
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
