package dev.rediswarden.systemd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.tinylog.Logger;

/**
 * Decisions in the journal, each with the id under which the catalog explains it: {@code journalctl -x}. Written by the
 * journal's own protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL/), which standard output cannot carry.
 */
public final class Decisions {

    /** What was decided; the ids are those of {@code redis-warden.catalog}. */
    public enum Kind {
        STARTED("f5230e6e29c14efdbd4e34058e094864", 5),
        START_FAILED("d2f758abbe3742e5a400ddabc90c39f3", 3),
        WAITING("80c4438fc036448b8b74dd3242ae0359", 5),
        GAVE_UP("ccbd7317792945939f3c77d83180d84a", 3),
        LEFT_ALONE("c8b84386770c4628ab5fbb633f30aa3a", 5),
        CHANGED("90ccd5ddb2d3468ea6654951ca98bb93", 5),
        CHANGE_FAILED("41f1e22781c04ac8a1fffe176f7be736", 3),
        SET("2f0c5d1be3a94c43a8a3c0f3b4c7d5b9", 5),
        SET_FAILED("d94f2be07c0c4a1f9a4a5be3c6177c62", 3),
        ENFORCED("6c204da78ada456685411e12da33ab5a", 5),
        CONTESTED("ab4bc193a2b74b1b8b527c18df4a5243", 4),
        PAUSED("fe9c6c563ac04dc4bfb2b29170f9d962", 5),
        RESUMED("581920f12f5f4d7784914368c3f570d9", 5),
        TAKEN_BACK("4559e38b9720474a9ce0a903313ee444", 4);

        private final String id;
        private final int priority;

        Kind(String id, int priority) {
            this.id = id;
            this.priority = priority;
        }

        public String id() {
            return id;
        }
    }

    private final Path socket;
    private final BiConsumer<String, String> also;

    /** @param socket {@code /run/systemd/journal/socket}; where there is none, decisions go to the log */
    public Decisions(Path socket) {
        this(socket, (unit, text) -> {});
    }

    private Decisions(Path socket, BiConsumer<String, String> also) {
        this.socket = socket;
        this.also = also;
    }

    /**
     * Those of the host.
     *
     * @param also who else is told the unit and the text of each
     */
    public static Decisions ofHost(BiConsumer<String, String> also) {
        return new Decisions(Path.of("/run/systemd/journal/socket"), also);
    }

    /**
     * Writes one down, without waiting: what the journal does not take, the log has instead, and nobody is held up.
     *
     * @param unit that it is about: {@code journalctl -u} shows it there as well
     * @param text one line
     */
    public void tell(Kind kind, String unit, String text) {
        also.accept(unit, text);
        String line = text.replace('\n', ' ');
        String fields = "MESSAGE=" + line + "\nMESSAGE_ID=" + kind.id + "\nPRIORITY=" + kind.priority
                + "\nOBJECT_SYSTEMD_UNIT=" + unit.replace('\n', ' ') + "\nREDIS_WARDEN_UNIT="
                + unit.replace('\n', ' ') + "\nSYSLOG_IDENTIFIER=redis-warden\n";
        if (!Files.exists(socket)) {
            Logger.info("{}", line);
            return;
        }
        try (UnixDatagramChannel channel = UnixDatagramChannel.open()) {
            // A journald that hangs lets its queue run full, and a send would wait for as long as it does.
            channel.configureBlocking(false);
            ByteBuffer datagram = ByteBuffer.wrap(fields.getBytes(StandardCharsets.UTF_8));
            if (channel.send(datagram, new UnixSocketAddress(socket.toFile())) <= 0) {
                throw new IOException("the journal takes nothing");
            }
        } catch (IOException | RuntimeException e) {
            Logger.info("{}", line);
        }
    }
}
