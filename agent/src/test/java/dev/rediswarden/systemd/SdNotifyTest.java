package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a service manager's socket receives. */
@Timeout(30)
class SdNotifyTest {

    private static final long PID = 1234;

    @TempDir
    Path directory;

    @Test
    void readyAndStatusArriveInOneDatagram() throws IOException {
        String socket = directory.resolve("notify").toString();
        try (UnixDatagramChannel manager = manager(socket);
                SdNotify notify = notify(socket)) {
            assertThat(notify.send(SdNotify.READY, SdNotify.statusOf("redis main:\nok\u001b[31m")))
                    .isTrue();

            assertThat(receive(manager)).isEqualTo("READY=1\nSTATUS=redis main: ok [31m");
        }
    }

    @Test
    void anAbstractAddressIsReached() throws IOException {
        String name = "redis-warden-test-" + UUID.randomUUID();
        try (UnixDatagramChannel manager = manager("\0" + name);
                SdNotify notify = notify("@" + name)) {
            notify.watchdog();
            notify.stopping();

            assertThat(receive(manager)).isEqualTo("WATCHDOG=1");
            assertThat(receive(manager)).isEqualTo("STOPPING=1");
        }
    }

    @Test
    void reloadingCarriesTheMonotonicClockInMicroseconds() throws IOException {
        String socket = directory.resolve("notify").toString();
        try (UnixDatagramChannel manager = manager(socket);
                SdNotify notify = notify(socket)) {
            notify.reloading();

            assertThat(receive(manager)).isEqualTo("RELOADING=1\nMONOTONIC_USEC=5000001");
        }
    }

    @Test
    void aManagerThatIsAwayIsFoundAgain() throws IOException {
        String socket = directory.resolve("notify").toString();
        try (SdNotify notify = notify(socket)) {
            assertThat(notify.watchdog()).isFalse();
            try (UnixDatagramChannel manager = manager(socket)) {
                assertThat(notify.ready()).isTrue();
                assertThat(receive(manager)).isEqualTo("READY=1");
            }
        }
    }

    @Test
    void aManagerThatReadsNothingNeverBlocks() throws IOException {
        String socket = directory.resolve("notify").toString();
        try (UnixDatagramChannel manager = manager(socket);
                SdNotify notify = notify(socket)) {
            int taken = 0;
            while (notify.watchdog()) {
                taken++;
            }

            assertThat(taken).isPositive();
            assertThat(receive(manager)).isEqualTo("WATCHDOG=1");
            assertThat(notify.watchdog()).isTrue();
        }
    }

    @Test
    void withoutAManagerThereIsNothingToDo() {
        try (SdNotify notify = new SdNotify(Map.of(), PID, () -> 0)) {
            assertThat(notify.ready()).isTrue();
            assertThat(notify.watchdogTimeout()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"15000000,1234,15000", "15000000,'',15000", "15000000,99,", "0,1234,", "soon,1234,", "-1,'',"})
    void theWatchdogIsOnlyOursWhereItIsMeantForThisProcess(String micros, String pid, Long millis) {
        try (SdNotify notify = new SdNotify(Map.of("WATCHDOG_USEC", micros, "WATCHDOG_PID", pid), PID, () -> 0)) {
            assertThat(notify.watchdogTimeout())
                    .isEqualTo(Optional.ofNullable(millis).map(Duration::ofMillis));
        }
    }

    private static SdNotify notify(String socket) {
        return new SdNotify(Map.of("NOTIFY_SOCKET", socket), PID, () -> 5_000_001_999L);
    }

    private static UnixDatagramChannel manager(String path) throws IOException {
        return UnixDatagramChannel.open().bind(new UnixSocketAddress(path));
    }

    private static String receive(UnixDatagramChannel manager) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        manager.receive(buffer);
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }
}
