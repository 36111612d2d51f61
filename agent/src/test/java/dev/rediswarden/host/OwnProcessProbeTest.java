package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.OwnProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class OwnProcessProbeTest {

    @Test
    void itsFiguresAreThoseOfTheKernel() throws Exception {
        OwnProcess own = new OwnProcessProbe().read().optional().orElseThrow();

        assertThat(own.cpuSeconds()).isPositive();
        assertThat(own.startedAt()).isBetween(Instant.now().minusSeconds(3_600), Instant.now());
        assertThat(own.residentBytes()).isBetween(16L << 20, own.virtualBytes());
        assertThat(own.threads()).isBetween(5L, 500L);
        assertThat(own.openFiles()).isBetween(3L, own.maxFiles());
        assertThat(own.heapUsed()).isBetween(1L, own.heapCommitted());
        assertThat(own.heapCommitted()).isLessThanOrEqualTo(own.heapMax());
        assertThat(Files.readString(Path.of("/proc/self/limits"))).contains(String.valueOf(own.maxFiles()));
    }
}
