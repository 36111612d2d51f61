package dev.rediswarden.host;

import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the listening TCP sockets of this network namespace from {@code /proc/net/tcp} and {@code tcp6}. */
public final class ListenersProbe implements Probe<List<Listener>> {

    /** As the kernel hands out at once, in whole lines. */
    private static final int PAGE = 4096;

    private static final int LONGEST_LINE = 256;

    private final Path net;

    public ListenersProbe() {
        this(Path.of("/proc/self/net"));
    }

    ListenersProbe(Path net) {
        this.net = net;
    }

    @Override
    public String name() {
        return "the kernel's list of sockets";
    }

    @Override
    public Reading<List<Listener>> read() {
        List<Listener> listeners = new ArrayList<>();
        try {
            addListening(net.resolve("tcp"), listeners);
            addListening(net.resolve("tcp6"), listeners);
            return Reading.known(List.copyOf(listeners));
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, e.getFile() + " may not be read");
        } catch (IOException | IllegalArgumentException e) {
            return Reading.unknown(Cause.FAILED, net + " could not be read: " + e);
        }
    }

    private static void addListening(Path table, List<Listener> listeners) throws IOException {
        try (InputStream in = Files.newInputStream(table)) {
            String lines = listeningFirst(in);
            int start = lines.indexOf('\n') + 1; // behind the heading
            while (start > 0 && start < lines.length()) {
                int end = lines.indexOf('\n', start);
                ProcNetTcp.listening(lines.substring(start, end < 0 ? lines.length() : end))
                        .ifPresent(listeners::add);
                start = end + 1;
            }
        } catch (NoSuchFileException e) {
            // A kernel without IPv6 has no tcp6, and no such sockets.
            if (!table.endsWith("tcp6")) {
                throw e;
            }
        }
    }

    /**
     * No more of it than has listening sockets, which come before all others (proc_net_tcp.rst of the kernel's
     * documentation). For each read(2) the kernel walks through its table of connections, of which there is a quarter of a
     * million places in 24 GB: what leaves room for another line was the end, and need not be asked for by one more.
     */
    private static String listeningFirst(InputStream in) throws IOException {
        byte[] page = new byte[PAGE];
        StringBuilder lines = new StringBuilder();
        int length = in.read(page);
        while (length > 0) {
            String text = new String(page, 0, length, StandardCharsets.US_ASCII);
            lines.append(text);
            boolean end = length <= PAGE - LONGEST_LINE || ProcNetTcp.endsWithConnection(text);
            length = end ? 0 : in.read(page);
        }
        return lines.toString();
    }
}
