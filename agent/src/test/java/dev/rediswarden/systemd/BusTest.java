package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.UnitState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bus as it fails in life: absent, forbidden, silent, restarted; and systemd coming back to it. */
class BusTest {

    private static final String REDIS = "redis-server.service";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path directory;

    private final AtomicInteger wakes = new AtomicInteger();

    @Test
    void noBusIsUnavailableAndItsSocketIsNamed() {
        Path socket = directory.resolve("nowhere");
        try (Bus bus = system("unix:path=" + socket);
                UnitProbe probe = probe(bus)) {
            assertThat(unknown(probe).cause()).isEqualTo(Cause.UNAVAILABLE);
            assertThat(unknown(probe).detail()).contains(socket.toString());
        }
    }

    @Test
    void whatThePolicyForbidsIsDenied() throws Exception {
        try (PrivateBus daemon = new PrivateBus(
                        directory,
                        "<deny send_interface='org.freedesktop.systemd1.Manager' send_member='ListUnitsByNames'/>");
                FakeSystemd systemd = new FakeSystemd(daemon.address());
                Bus bus = system(daemon.address());
                UnitProbe probe = probe(bus)) {
            systemd.unit(REDIS);

            assertThat(unknown(probe).cause()).isEqualTo(Cause.DENIED);
        }
    }

    @Test
    void moreQuestionsThanTheBusLetsWaitAreAllAnswered() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "");
                FakeSystemd systemd = new FakeSystemd(daemon.address());
                Bus bus = system(daemon.address())) {
            systemd.unit(REDIS);
            Call question = Systemd.manager("ListUnitsByNames", "as", List.of(REDIS));

            assertThat(bus.link().ask(Collections.nCopies(1_000, question)))
                    .hasSize(1_000)
                    .allSatisfy(answer -> assertThat(answer.errorName()).isEmpty());
        }
    }

    @Test
    void aBusThatLetsNobodyInIsUnavailableAndLeavesNoThreadBehind() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "<deny user='*'/>");
                Bus bus = system(daemon.address());
                UnitProbe probe = probe(bus)) {
            long before = connectionThreads();

            assertThat(unknown(probe).cause()).isEqualTo(Cause.UNAVAILABLE);

            await().until(() -> connectionThreads() <= before);
        }
    }

    @Test
    void aBusThatAcceptsAndStaysSilentIsATimeoutUntilItSpeaksAgain() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "");
                FakeSystemd systemd = new FakeSystemd(daemon.address());
                Bus bus = new Bus(daemon.address(), Duration.ofMillis(300), System::nanoTime);
                UnitProbe probe = probe(bus)) {
            systemd.unit(REDIS);
            daemon.signal("STOP");

            assertThat(unknown(probe).cause()).isEqualTo(Cause.TIMEOUT);
            assertThat(unknown(probe).cause()).isEqualTo(Cause.TIMEOUT);

            daemon.signal("CONT");
            await().until(() -> isKnown(probe));
        }
    }

    @Test
    void afterARestartOfTheBusBothReadingsAndSignalsComeBack() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "");
                Bus bus = system(daemon.address());
                UnitProbe probe = probe(bus)) {
            try (FakeSystemd systemd = new FakeSystemd(daemon.address())) {
                systemd.unit(REDIS);
                await().until(() -> isKnown(probe));
                daemon.kill();
                await().until(() -> !isKnown(probe));
                assertThat(unknown(probe).cause()).isEqualTo(Cause.UNAVAILABLE);
            }
            daemon.restart();
            try (FakeSystemd systemd = new FakeSystemd(daemon.address())) {
                systemd.unit(REDIS);
                await().until(() -> isKnown(probe));
                assertThat(systemd.calls).contains("Subscribe");

                wakes.set(0);
                systemd.emitPropertiesChanged(REDIS);
                await().untilAtomic(wakes, Matchers.equalTo(1));
            }
        }
    }

    @Test
    void systemdThatComesBackToTheBusIsSubscribedToAnew() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "");
                Bus bus = system(daemon.address());
                UnitProbe probe = probe(bus)) {
            try (FakeSystemd systemd = new FakeSystemd(daemon.address())) {
                systemd.unit(REDIS);
                await().until(() -> isKnown(probe));
            }
            try (FakeSystemd systemd = new FakeSystemd(daemon.address())) {
                systemd.unit(REDIS);
                await().until(() -> wakes.get() >= 1);
                await().until(() -> isKnown(probe));
                assertThat(systemd.calls).contains("Subscribe");
            }
        }
    }

    @Test
    void lostConnectionsLeaveNoThreadBehind() throws Exception {
        try (PrivateBus daemon = new PrivateBus(directory, "");
                FakeSystemd systemd = new FakeSystemd(daemon.address())) {
            systemd.unit(REDIS);
            long before = connectionThreads();
            for (int i = 0; i < 10; i++) {
                try (Bus bus = system(daemon.address());
                        UnitProbe probe = probe(bus)) {
                    assertThat(probe.read()).isInstanceOf(Reading.Known.class);
                }
            }
            await().until(() -> connectionThreads() <= before);
        }
    }

    @Test
    void theAddressIsTheEnvironments() {
        try (Bus bus = Bus.system(
                        Map.of("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=" + directory + "/other;unix:path=/ignored"),
                        TIMEOUT,
                        System::nanoTime);
                UnitProbe probe = probe(bus)) {
            assertThat(unknown(probe).detail()).contains(directory + "/other").doesNotContain("ignored");
        }
    }

    private static Bus system(String address) {
        return new Bus(address, TIMEOUT, System::nanoTime);
    }

    private UnitProbe probe(Bus bus) {
        return new UnitProbe(List.of(REDIS), bus, System::nanoTime, wakes::incrementAndGet);
    }

    private static boolean isKnown(UnitProbe probe) {
        return probe.read() instanceof Reading.Known;
    }

    private static Reading.Unknown<UnitState> unknown(UnitProbe probe) {
        return probe.read()
                .fold(
                        state -> {
                            throw new AssertionError(state.toString());
                        },
                        unknown -> new Reading.Unknown<>(unknown.cause(), unknown.detail()));
    }

    private static long connectionThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.equals("bus"))
                .count();
    }
}
