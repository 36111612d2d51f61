package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.exceptions.DBusException;
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
    private @Nullable CompletableFuture<Link> attempt;
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

    /** The live connection; fails after at most the timeout. */
    Link link() throws BusException {
        CompletableFuture<Link> current = currentAttempt();
        try {
            return current.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new BusException(
                    Cause.TIMEOUT, "no connection to the bus at " + address + " within " + timeout.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw refused(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BusException(Cause.TIMEOUT, "interrupted while connecting to the bus");
        }
    }

    /** Has {@code listener} called for each signal that arrives, on the library's thread: it must be quick. */
    void listen(Consumer<DBusSignal> listener) {
        listeners.add(listener);
    }

    void ignore(Consumer<DBusSignal> listener) {
        listeners.remove(listener);
    }

    private synchronized CompletableFuture<Link> currentAttempt() throws BusException {
        if (closed) {
            throw new BusException(Cause.UNAVAILABLE, "the connection to the bus is closed");
        }
        if (attempt == null || isOver(attempt)) {
            CompletableFuture<Link> next = new CompletableFuture<>();
            attempt = next;
            // On a thread of its own: a bus that accepts and then stays silent cannot be interrupted.
            Thread thread = new Thread(() -> connect(next), "bus-connect");
            thread.setDaemon(true);
            thread.start();
        }
        return attempt;
    }

    private static boolean isOver(CompletableFuture<Link> attempt) {
        return attempt.isCompletedExceptionally()
                || (attempt.isDone() && !attempt.join().isOpen());
    }

    private void connect(CompletableFuture<Link> next) {
        try {
            Link link = Link.open(address, timeout, nanoTime, signal -> listeners.forEach(l -> l.accept(signal)));
            next.complete(link);
            boolean late;
            synchronized (this) {
                late = closed;
            }
            if (late) {
                link.close();
            }
        } catch (DBusException | RuntimeException | LinkageError e) {
            next.completeExceptionally(e);
        }
    }

    private BusException refused(Throwable e) {
        String text = String.valueOf(e.getMessage());
        boolean denied = text.contains("Permission denied") || text.contains("authenticate");
        return new BusException(
                denied ? Cause.DENIED : Cause.UNAVAILABLE, "cannot connect to the bus at " + address + ": " + text);
    }

    @Override
    public void close() {
        CompletableFuture<Link> last;
        synchronized (this) {
            closed = true;
            last = attempt;
        }
        if (last != null && last.isDone() && !last.isCompletedExceptionally()) {
            last.join().close();
        }
    }
}
