package dev.rediswarden.host;

import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads the listening TCP sockets of this network namespace from {@code /proc/net/tcp} and {@code tcp6}. */
public final class ListenersProbe implements Probe<List<Listener>> {

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
        try (BufferedReader lines = Files.newBufferedReader(table, StandardCharsets.US_ASCII)) {
            String line = lines.readLine(); // the heading
            while ((line = lines.readLine()) != null) {
                ProcNetTcp.listening(line).ifPresent(listeners::add);
            }
        } catch (NoSuchFileException e) {
            // A kernel without IPv6 has no tcp6, and no such sockets.
            if (!table.endsWith("tcp6")) {
                throw e;
            }
        }
    }
}
