package dev.rediswarden.host;

import dev.rediswarden.snapshot.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * One line of {@code /proc/net/tcp} or {@code tcp6} (proc_net(5)): addresses are groups of four bytes, each group in
 * the host's byte order, which is little-endian on every architecture that is packaged.
 */
final class ProcNetTcp {

    private static final String LISTEN = "0A";

    private ProcNetTcp() {}

    /** @throws IllegalArgumentException where the line is none of such a table */
    static Optional<Listener> listening(String line) {
        String[] columns = line.strip().split("\\s+", -1);
        // A column too many or too few would have another one read as the state, and hide the socket.
        if (columns.length < 8 || !columns[0].endsWith(":") || columns[3].length() != LISTEN.length()) {
            throw new IllegalArgumentException("not a socket: '" + line + "'");
        }
        if (!columns[3].equals(LISTEN)) {
            return Optional.empty();
        }
        int colon = columns[1].indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not an address: '" + columns[1] + "'");
        }
        InetAddress address = address(columns[1].substring(0, colon));
        int port = Integer.parseInt(columns[1].substring(colon + 1), 16);
        return Optional.of(new Listener(new InetSocketAddress(address, port), Integer.parseInt(columns[7])));
    }

    private static InetAddress address(String hex) {
        if (hex.length() % 8 != 0) {
            throw new IllegalArgumentException("not an address: '" + hex + "'");
        }
        byte[] bytes = HexFormat.of().parseHex(hex);
        byte[] ordered = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            ordered[i] = bytes[(i & ~3) + 3 - (i & 3)];
        }
        try {
            return InetAddress.getByAddress(ordered);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not an address: '" + hex + "'", e);
        }
    }
}
