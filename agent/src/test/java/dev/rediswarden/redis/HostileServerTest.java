package dev.rediswarden.redis;

import static dev.rediswarden.redis.PingProbeTest.ping;
import static dev.rediswarden.redis.PingProbeTest.probe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileServerTest {

    /** The reply to CLIENT SETNAME. */
    private static final String WELCOME = "+OK\r\n";

    @TempDir
    private Path directory;

    @Test
    void oneThatAnswersOnceThenStallsTimesOutOnce() {
        ScriptedServer.Script once = peer -> {
            peer.hear();
            peer.say(WELCOME);
            peer.hear();
            peer.say("+PONG\r\n");
            peer.stall();
        };
        try (ScriptedServer tcp = ScriptedServer.onTcp(once);
                ScriptedServer unix = ScriptedServer.onUnix(directory.resolve("s"), once)) {
            for (ScriptedServer server : List.of(tcp, unix)) {
                try (PingProbe probe = probe(Targets.url(server.url(), Targets.SHORT))) {
                    assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
                    Ping stalled = ping(probe);
                    assertThat(stalled.outcome()).as(server.url()).isEqualTo(Outcome.TIMEOUT);
                    assertThat(stalled.latency()).isLessThan(Targets.SHORT.multipliedBy(5));
                    assertThat(server.connections()).isEqualTo(1);
                    assertThat(ping(probe).outcome()).isEqualTo(Outcome.PONG);
                    assertThat(server.connections()).isEqualTo(2);
                }
            }
        }
    }

    @Test
    void aReplyThatDripsInEndsAtTheDeadlineToo() {
        ScriptedServer.Script drip = peer -> {
            peer.hear();
            peer.say(WELCOME);
            peer.hear();
            peer.say("+");
            while (true) {
                peer.say("x");
                // Waits about 20 ms: nothing is sent meanwhile.
                peer.channel().socket().setSoTimeout(20);
                try {
                    peer.channel().socket().getInputStream().read();
                } catch (SocketTimeoutException e) {
                    // The next byte is due.
                }
            }
        };
        try (ScriptedServer server = ScriptedServer.onTcp(drip);
                PingProbe probe = probe(Targets.url(server.url(), Targets.SHORT))) {
            Ping ping = ping(probe);
            assertThat(ping.outcome()).isEqualTo(Outcome.TIMEOUT);
            assertThat(ping.latency()).isLessThan(Duration.ofSeconds(2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "$2000000000\r\n",
                "*2000000000\r\n",
                "=2000000000\r\n",
                "$99999999999999999999999999\r\n",
                "*1\r\n*1\r\n*1\r\n" // and so on, below
            })
    void aReplyThatWouldExhaustThisProcessIsAnError(String reply) {
        String nested = reply.startsWith("*1") ? reply.repeat(100_000) : reply;
        ScriptedServer.Script hostile = peer -> {
            peer.hear();
            peer.say(WELCOME);
            peer.hear();
            peer.say(nested);
            peer.stall();
        };
        try (ScriptedServer server = ScriptedServer.onTcp(hostile);
                PingProbe probe = probe(Targets.url(server.url()))) {
            Ping ping = ping(probe);
            assertThat(ping.outcome()).isEqualTo(Outcome.ERROR);
            assertThat(ping.reply()).matches("the reply has .*|what answers does not speak the Redis protocol");
        }
    }

    @Test
    void aLineWithoutEndIsAnError() {
        ScriptedServer.Script endless = peer -> {
            peer.hear();
            peer.say(WELCOME);
            peer.hear();
            peer.say("+");
            while (true) {
                peer.say("x".repeat(65536));
            }
        };
        try (ScriptedServer server = ScriptedServer.onTcp(endless);
                PingProbe probe = probe(Targets.url(server.url()))) {
            assertThat(ping(probe).reply()).isEqualTo("the reply has more than 1 MiB");
        }
    }

    @Test
    void oneThatAcceptsNobodyTimesOutEvenWhenItsQueueIsFull() throws IOException {
        try (ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                ServerSocketChannel tcp = ServerSocketChannel.open()) {
            unix.bind(UnixDomainSocketAddress.of(directory.resolve("s")), 1);
            tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            for (String url : List.of(
                    "unix://" + directory.resolve("s"),
                    "redis://127.0.0.1:" + tcp.socket().getLocalPort())) {
                try (PingProbe probe = probe(Targets.url(url, Targets.SHORT))) {
                    for (int i = 1; i <= 6; i++) {
                        Ping ping = ping(probe);
                        assertThat(ping.outcome()).as(url).isEqualTo(Outcome.TIMEOUT);
                        assertThat(ping.timeoutsInRow()).isEqualTo(i);
                        assertThat(ping.latency()).isLessThan(Targets.SHORT.multipliedBy(5));
                    }
                }
            }
        }
    }

    @Test
    void oneThatHangsUpWithoutAWordIsRefused() {
        try (ScriptedServer server = ScriptedServer.onTcp(peer -> peer.hear());
                PingProbe probe = probe(Targets.url(server.url()))) {
            assertThat(ping(probe).outcome()).isEqualTo(Outcome.REFUSED);
        }
    }

    @Test
    void failuresLeaveNoFileDescriptorBehind() throws IOException {
        ScriptedServer.Script stall = ScriptedServer.Peer::stall;
        try (ScriptedServer tcp = ScriptedServer.onTcp(stall);
                ScriptedServer unix = ScriptedServer.onUnix(directory.resolve("s"), stall);
                ScriptedServer rude = ScriptedServer.onUnix(directory.resolve("r"), peer -> peer.hear())) {
            List<String> urls = List.of(
                    tcp.url(),
                    unix.url(),
                    rude.url(),
                    "unix://" + directory.resolve("none"),
                    "redis://127.0.0.1:" + RedisServer.freePort());
            List<PingProbe> probes = urls.stream()
                    .map(url -> probe(Targets.url(url, Duration.ofMillis(5))))
                    .toList();
            probes.forEach(PingProbe::read);
            long before = ownSockets();
            for (int i = 0; i < 20; i++) {
                probes.forEach(PingProbe::read);
            }
            // A scripted connection may not have noticed yet that its client left: two ends per server.
            assertThat(ownSockets()).isLessThan(before + 10);
        }
    }

    private static long ownSockets() throws IOException {
        try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }
}
