package dev.rediswarden.host;

import dev.rediswarden.snapshot.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * One line of {@code /proc/net/tcp} or {@code tcp6} (proc_net(5)): addresses are groups of four bytes, each group in
 * the host's byte order, which is little-endian on every architecture that is packaged.
 */
final class ProcNetTcp {

    private static final String LISTEN = "0A";

    /** Which column has the user's number, the first being 0. */
    private static final int USER = 7;

    private ProcNetTcp() {}

    /** @throws IllegalArgumentException where the line is none of such a table */
    static Optional<Listener> listening(String line) {
        // Without a regular expression: a busy host has thousands of connections, of which none listens.
        StringTokenizer columns = new StringTokenizer(line);
        boolean whole = columns.countTokens() > USER;
        String slot = whole ? columns.nextToken() : "";
        String local = whole ? columns.nextToken() : "";
        String remote = whole ? columns.nextToken() : "";
        String state = whole ? columns.nextToken() : "";
        // A column too many or too few would have another one read as the state, and hide the socket.
        if (!slot.endsWith(":") || remote.indexOf(':') < 0 || state.length() != LISTEN.length()) {
            throw new IllegalArgumentException("not a socket: '" + line + "'");
        }
        if (!state.equals(LISTEN)) {
            return Optional.empty();
        }
        for (int column = 4; column < USER; column++) {
            columns.nextToken();
        }
        return Optional.of(new Listener(endpoint(local), Integer.parseInt(columns.nextToken())));
    }

    /** Whether the last whole line is of a socket that does not listen. */
    static boolean endsWithConnection(String text) {
        int end = text.lastIndexOf('\n');
        int start = text.lastIndexOf('\n', end - 1) + 1;
        return start > 0 && start < end && listening(text.substring(start, end)).isEmpty();
    }

    private static InetSocketAddress endpoint(String local) {
        int colon = local.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("not an address: '" + local + "'");
        }
        return new InetSocketAddress(
                address(local.substring(0, colon)), Integer.parseInt(local.substring(colon + 1), 16));
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
