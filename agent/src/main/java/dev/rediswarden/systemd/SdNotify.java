package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import jnr.unixsocket.UnixDatagramChannel;
import jnr.unixsocket.UnixSocketAddress;
import org.jspecify.annotations.Nullable;
import org.tinylog.Logger;

/**
 * Tells the service manager how this service is doing (sd_notify(3)); does nothing where no manager asked for it. A
 * method's result is whether the manager's socket took the datagram, true as well where there is none to tell; it
 * never blocks, and it logs the first failure of a row.
 */
public final class SdNotify implements AutoCloseable {

    public static final String READY = "READY=1";
    public static final String WATCHDOG = "WATCHDOG=1";
    public static final String STOPPING = "STOPPING=1";

    private final @Nullable UnixSocketAddress address;
    private final Optional<Duration> watchdogTimeout;
    private final LongSupplier nanoTime;
    private @Nullable UnixDatagramChannel channel;
    private boolean failing;

    /**
     * @param environment NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are read of it
     * @param pid this process
     * @param nanoTime {@link System#nanoTime}, which is CLOCK_MONOTONIC on Linux
     */
    public SdNotify(Map<String, String> environment, long pid, LongSupplier nanoTime) {
        String socket = environment.getOrDefault("NOTIFY_SOCKET", "");
        this.address = socket.startsWith("/") || socket.startsWith("@") ? address(socket) : null;
        this.watchdogTimeout = watchdogTimeout(environment, pid);
        this.nanoTime = nanoTime;
        if (address == null && !socket.isEmpty()) {
            Logger.warn("NOTIFY_SOCKET is no unix socket: {}; the service manager is not told", Untrusted.line(socket));
        }
    }

    /** After how long without {@link #watchdog} the manager ends this process (sd_watchdog_enabled(3)); empty: never. */
    public Optional<Duration> watchdogTimeout() {
        return watchdogTimeout;
    }

    public boolean ready() {
        return send(READY);
    }

    public boolean status(String line) {
        return send(statusOf(line));
    }

    public boolean watchdog() {
        return send(WATCHDOG);
    }

    public boolean stopping() {
        return send(STOPPING);
    }

    /** The configuration is being read anew; {@link #ready} ends it. */
    public boolean reloading() {
        long micros = TimeUnit.NANOSECONDS.toMicros(nanoTime.getAsLong());
        return send("RELOADING=1", "MONOTONIC_USEC=" + micros);
    }

    /** The assignment of one printable line, for {@link #send}. */
    public static String statusOf(String line) {
        return "STATUS=" + Untrusted.line(line);
    }

    /** Sends several assignments in one datagram. */
    public synchronized boolean send(String... assignments) {
        if (address == null) {
            return true;
        }
        ByteBuffer datagram = ByteBuffer.wrap(String.join("\n", assignments).getBytes(StandardCharsets.UTF_8));
        try {
            if (channel == null) {
                channel = UnixDatagramChannel.open();
                channel.configureBlocking(false);
            }
            if (channel.send(datagram, address) <= 0) {
                throw new IOException("the socket took nothing");
            }
            failing = false;
            return true;
        } catch (IOException | RuntimeException | LinkageError e) {
            if (!failing) {
                Logger.warn(e, "the service manager could not be told {}", assignments[0]);
            }
            failing = true;
            return false;
        }
    }

    private static UnixSocketAddress address(String socket) {
        // An abstract address is written with @ and begins with NUL (unix(7)).
        return new UnixSocketAddress(socket.startsWith("@") ? "\0" + socket.substring(1) : socket);
    }

    private static Optional<Duration> watchdogTimeout(Map<String, String> environment, long pid) {
        String owner = environment.getOrDefault("WATCHDOG_PID", "");
        if (!owner.isEmpty() && !owner.equals(Long.toString(pid))) {
            return Optional.empty();
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros > 0 ? Optional.of(Duration.of(micros, ChronoUnit.MICROS)) : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            Logger.debug(e, "closing the notification socket");
        }
    }
}
