package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.systemd.Decisions.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the journal's socket receives. */
@Timeout(30)
class DecisionsTest {

    /** How many datagrams wait for who reads (unix(7)). */
    private static final Path LONGEST_QUEUE = Path.of("/proc/sys/net/unix/max_dgram_qlen");

    @TempDir
    Path directory;

    @Test
    void aDecisionCarriesItsIdItsPriorityAndItsUnit() throws IOException {
        Path socket = directory.resolve("socket");
        try (UnixDatagramChannel journal = journal(socket)) {
            new Decisions(socket).tell(Kind.STARTED, "redis-server.service", "start\nit");

            assertThat(receive(journal).lines())
                    .contains(
                            "MESSAGE=start it",
                            "MESSAGE_ID=" + Kind.STARTED.id(),
                            "PRIORITY=5",
                            "REDIS_WARDEN_UNIT=redis-server.service");
        }
    }

    @Test
    void aJournalThatReadsNothingHoldsUpNobody() throws IOException {
        Path socket = directory.resolve("socket");
        try (UnixDatagramChannel journal = journal(socket)) {
            Decisions decisions = new Decisions(socket);
            int many = Integer.parseInt(Files.readString(LONGEST_QUEUE).strip()) + 5;
            for (int i = 0; i < many; i++) {
                decisions.tell(Kind.CHANGED, "a.service", "decision " + i);
            }

            assertThat(receive(journal)).startsWith("MESSAGE=decision 0\n");
        }
    }

    @Test
    void withoutAJournalThereIsNothingToWaitFor() {
        new Decisions(directory.resolve("none")).tell(Kind.CHANGED, "a.service", "decision");
    }

    private static UnixDatagramChannel journal(Path socket) throws IOException {
        return UnixDatagramChannel.open().bind(new UnixSocketAddress(socket.toFile()));
    }

    private static String receive(UnixDatagramChannel journal) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(8192);
        journal.receive(datagram);
        return new String(datagram.array(), 0, datagram.position(), StandardCharsets.UTF_8);
    }
}
