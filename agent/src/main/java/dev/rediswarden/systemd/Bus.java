package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.messages.DBusSignal;
import org.jspecify.annotations.Nullable;

/**
 * The message bus as a place that can always be asked: connected when first needed, connected anew once the
 * connection has died, never waited for longer than the timeout. Shared by all probes; safe for use by many threads.
 */
public final class Bus implements AutoCloseable {

    /** The address without configuration (D-Bus specification, "System message bus"). */
    private static final String SYSTEM_BUS = "unix:path=/var/run/dbus/system_bus_socket";

    private final String address;
    private final Duration timeout;
    private final LongSupplier nanoTime;
    private final List<Consumer<DBusSignal>> listeners = new CopyOnWriteArrayList<>();
    private @Nullable Link link;
    private boolean closed;

    /**
     * @param timeout how long connecting, and then all questions of one reading, may take each
     * @param nanoTime {@link System#nanoTime}
     */
    public Bus(String address, Duration timeout, LongSupplier nanoTime) {
        this.address = address;
        this.timeout = timeout;
        this.nanoTime = nanoTime;
    }

    /** The system bus, at {@code DBUS_SYSTEM_BUS_ADDRESS} where that is set (dbus-daemon(1)). */
    public static Bus system(Map<String, String> environment, Duration timeout, LongSupplier nanoTime) {
        String address = environment.getOrDefault("DBUS_SYSTEM_BUS_ADDRESS", SYSTEM_BUS);
        return new Bus(address.split(";", 2)[0], timeout, nanoTime);
    }

    /** The live connection; connecting fails after at most the timeout. */
    synchronized Link link() throws BusException {
        if (closed) {
            throw new BusException(Cause.UNAVAILABLE, "the connection to the bus is closed");
        }
        Link current = link;
        if (current == null || !current.isOpen()) {
            current = connect();
            link = current;
        }
        return current;
    }

    private Link connect() throws BusException {
        String what = "no connection to the bus at " + address + ": ";
        try {
            return Link.open(address, timeout, nanoTime, signal -> listeners.forEach(l -> l.accept(signal)));
        } catch (BusException e) {
            throw new BusException(e.reason(), what + e.getMessage());
        } catch (IOException | RuntimeException | LinkageError e) {
            String text = String.valueOf(e.getMessage());
            boolean denied = text.contains("Permission denied");
            throw new BusException(denied ? Cause.DENIED : Cause.UNAVAILABLE, what + text);
        }
    }

    /** Has {@code listener} called for each signal that arrives, on the library's thread: it must be quick. */
    void listen(Consumer<DBusSignal> listener) {
        listeners.add(listener);
    }

    void ignore(Consumer<DBusSignal> listener) {
        listeners.remove(listener);
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (link != null) {
            link.close();
        }
    }
}
