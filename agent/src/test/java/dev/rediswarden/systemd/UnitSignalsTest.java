package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.freedesktop.dbus.types.UInt32;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which signals on a real bus wake the probe's owner, and which do not. */
class UnitSignalsTest {

    private static final String REDIS = "redis-server.service";

    private final AtomicInteger wakes = new AtomicInteger();
    private PrivateBus daemon;
    private FakeSystemd systemd;
    private FakeSystemd.Unit unit;
    private Bus bus;
    private UnitProbe probe;

    @BeforeEach
    void watch(@TempDir Path directory) throws Exception {
        daemon = new PrivateBus(directory, "");
        systemd = new FakeSystemd(daemon.address());
        unit = systemd.unit(REDIS);
        bus = new Bus(daemon.address(), Duration.ofSeconds(10), () -> 0);
        probe = new UnitProbe(List.of(REDIS), bus, () -> 0, wakes::incrementAndGet);
        assertThat(probe.read()).isInstanceOf(Reading.Known.class);
    }

    @AfterEach
    void close() throws IOException {
        probe.close();
        bus.close();
        systemd.close();
        daemon.close();
    }

    @Test
    void aChangeOfTheUnitWakesAndIsReadWhole() throws Exception {
        unit.set("MainPID", new UInt32(5151));
        systemd.emitPropertiesChanged(REDIS);

        awaitWakes(1);
        assertThat(probe.read().optional().orElseThrow().mainPid()).isEqualTo(5151);
    }

    @Test
    void aJobOfTheUnitThatEndsWakes() throws Exception {
        systemd.emitJobRemoved(REDIS);
        awaitWakes(1);
    }

    @Test
    void changedUnitFilesWake() throws Exception {
        systemd.emitUnitFilesChanged();
        awaitWakes(1);
    }

    @Test
    void theEndOfAReloadWakesAndItsBeginningDoesNot() throws Exception {
        systemd.emitReloading(true);
        systemd.emitReloading(false);
        awaitWakes(1);
    }

    @Test
    void otherUnitsWakeNobody() throws Exception {
        systemd.emitPropertiesChanged("cron.service");
        systemd.emitJobRemoved("cron.service");
        // Signals of one sender keep their order: when this has arrived, those before it would have.
        systemd.emitUnitFilesChanged();
        awaitWakes(1);
    }

    @Test
    void manySignalsWakeOnceUntilTheUnitIsRead() throws Exception {
        systemd.emitPropertiesChanged(REDIS);
        systemd.emitPropertiesChanged(REDIS);
        systemd.emitPropertiesChanged(REDIS);
        awaitWakes(1);
        probe.read();
        systemd.emitPropertiesChanged(REDIS);
        awaitWakes(2);
    }

    @Test
    void aSignalThatSomebodyElseSendsStraightToUsWakesNobody() throws Exception {
        Process stranger = new ProcessBuilder(
                        "dbus-send",
                        "--bus=" + daemon.address(),
                        "--dest=" + systemd.subscriber,
                        "--type=signal",
                        FakeSystemd.pathOf(REDIS),
                        "org.freedesktop.DBus.Properties.PropertiesChanged")
                .inheritIO()
                .start();
        assertThat(stranger.waitFor()).isZero();
        systemd.emitUnitFilesChanged();
        awaitWakes(1);
    }

    private void awaitWakes(int count) {
        await().untilAtomic(wakes, Matchers.equalTo(count));
    }
}
