package dev.rediswarden.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenersProbeTest {

    private static final String HEADING =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final String REST =
            " 00000000:00000000 00:00000000 00000000   110        0 31337 1 0 100 0 0 10 0\n";

    @TempDir
    private Path net = Path.of("");

    @Test
    void listeningSocketsAreRead() throws IOException {
        table(
                "tcp",
                "   0: 0100007F:18EB 00000000:0000 0A" + REST,
                "   1: 00000000:0016 00000000:0000 0A" + REST,
                "   2: 0100007F:18EB 0100007F:D431 01" + REST,
                "   3: 0201000A:18EC 00000000:0000 0A" + REST);
        table(
                "tcp6",
                "   0: 00000000000000000000000001000000:18EB 00000000000000000000000000000000:0000 0A" + REST,
                "   1: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A" + REST,
                "   2: 0000000000000000FFFF00000100007F:18ED 00000000000000000000000000000000:0000 0A" + REST,
                "   3: B80D0120000000000000000001000000:18EE 00000000000000000000000000000000:0000 0A" + REST);
        List<Listener> listeners = new ListenersProbe(net).read().optional().orElseThrow();

        assertThat(listeners.stream().map(Listener::toString))
                .containsExactly(
                        "127.0.0.1:6379",
                        "0.0.0.0:22",
                        "10.0.1.2:6380",
                        "[::1]:6379",
                        "[::]:6379",
                        "127.0.0.1:6381",
                        "[2001:db8:0:0:0:0:0:1]:6382");
        assertThat(listeners.stream().map(Listener::isLoopback))
                .containsExactly(true, false, false, true, false, true, false);
        assertThat(listeners).allSatisfy(listener -> assertThat(listener.uid()).isEqualTo(110));
    }

    @Test
    void neitherManySocketsNorManyConnectionsHideOne() throws IOException {
        String[] many = new String[500];
        for (int i = 0; i < many.length; i++) {
            many[i] = i < 100
                    ? "%4d: 0100007F:%04X 00000000:0000 0A".formatted(i, 1000 + i) + REST
                    : "%4d: 0100007F:18EB 0100007F:%04X 01".formatted(i, 1000 + i) + REST;
        }
        table("tcp", many);

        assertThat(new ListenersProbe(net).read().optional().orElseThrow()).hasSize(100);
    }

    @Test
    void aKernelWithoutIpv6HasNoSecondTable() throws IOException {
        table("tcp", "   0: 0100007F:18EB 00000000:0000 0A" + REST);

        assertThat(new ListenersProbe(net).read().optional().orElseThrow()).hasSize(1);
    }

    @Test
    void withoutTheFirstTableNothingIsKnown() {
        assertThat(cause(new ListenersProbe(net).read())).isEqualTo(Cause.FAILED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "   0: nonsense 00000000:0000 0A",
                "   0: 0100007F18EB 00000000:0000 0A",
                "   0: 0100:18EB 00000000:0000 0A",
                "   0: 010000:18EB 00000000:0000 0A",
                "   0: ZZ00007F:18EB 00000000:0000 0A",
                "   0: 0100007F:FFFFF 00000000:0000 0A",
                "   0: :18EB 00000000:0000 0A"
            })
    void aTableThatCannotBeReadIsUnknownAndNotEmpty(String line) throws IOException {
        table("tcp", line + REST);

        assertThat(cause(new ListenersProbe(net).read())).isEqualTo(Cause.FAILED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0"})
    void aRealSocketIsSeenAndGoneOnceClosed(String address) throws IOException {
        ListenersProbe probe = new ListenersProbe();
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            port = socket.getLocalPort();
            assertThat(probe.read().optional().orElseThrow())
                    .filteredOn(listener -> listener.port() == port)
                    .singleElement()
                    .satisfies(listener -> assertThat(listener.isLoopback()).isEqualTo(!address.equals("0.0.0.0")));
        }
        assertThat(probe.read().optional().orElseThrow()).noneMatch(listener -> listener.port() == port);
    }

    private void table(String name, String... lines) throws IOException {
        String all = String.join("", lines);
        Files.writeString(net.resolve(name), HEADING + (all.endsWith("\n") ? all : all + "\n"));
    }

    private static Cause cause(Reading<?> reading) {
        return reading.fold(known -> Cause.NOT_READ, unknown -> unknown.cause());
    }
}
