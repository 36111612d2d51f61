package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.UnitState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitProbeTest {

    @TempDir
    Path directory;

    @Test
    void smoke() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "");
                FakeSystemd systemd = new FakeSystemd(daemon.address());
                Bus bus = new Bus(daemon.address(), Duration.ofSeconds(5), System::nanoTime);
                UnitProbe probe = new UnitProbe(List.of("redis-server.service"), bus, System::nanoTime, () -> {})) {
            systemd.unit("redis-server.service");
            UnitState state = probe.read()
                    .optional()
                    .orElseThrow(() -> new AssertionError(probe.read().toString()));
            assertThat(state.activeState()).isEqualTo("active");
            System.out.println(state);
        }
    }
}
