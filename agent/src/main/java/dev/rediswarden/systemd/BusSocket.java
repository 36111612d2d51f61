package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;
import org.freedesktop.dbus.messages.Message;

/**
 * A socket on which the bus knows who we are (D-Bus specification, "Authentication Protocol"): by the kernel's word,
 * SASL EXTERNAL, and nothing else. The library's own way blocks for ever where a bus accepts and stays silent, and sets
 * up collation rules and a random source to compare two words: a tenth of the agent's start.
 */
final class BusSocket implements Closeable {

    private static final String GREETING = "\0AUTH EXTERNAL\r\nDATA\r\n";
    private static final int LONGEST_ANSWER = 4096;

    private final UnixSocketChannel channel;
    private boolean closed;

    private BusSocket(UnixSocketChannel channel) {
        this.channel = channel;
    }

    /**
     * Connects and authenticates, both within the timeout.
     *
     * @param address as the D-Bus specification writes it: {@code unix:path=…} or {@code unix:abstract=…}
     */
    static BusSocket connect(String address, Duration timeout, LongSupplier nanoTime) throws IOException, BusException {
        UnixSocketAddress target = parse(address);
        long deadline = nanoTime.getAsLong() + timeout.toNanos();
        UnixSocketChannel channel = UnixSocketChannel.create();
        try {
            // socket(7): the timeout for sending is the one for connecting as well.
            channel.setOption(UnixSocketOptions.SO_SNDTIMEO, (int) timeout.toMillis());
            if (!channel.connect(target)) {
                throw silent();
            }
            BusSocket socket = new BusSocket(channel);
            socket.authenticate(deadline, nanoTime);
            channel.setOption(UnixSocketOptions.SO_RCVTIMEO, 0);
            return socket;
        } catch (IOException | BusException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static UnixSocketAddress parse(String address) throws BusException {
        if (address.startsWith("unix:")) {
            for (String pair : address.substring("unix:".length()).split(",", -1)) {
                String value = URLDecoder.decode(
                        pair.substring(pair.indexOf('=') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
                if (pair.startsWith("path=")) {
                    return new UnixSocketAddress(value);
                }
                if (pair.startsWith("abstract=")) {
                    return new UnixSocketAddress("\0" + value);
                }
            }
        }
        throw new BusException(Cause.UNAVAILABLE, "only unix:path=… and unix:abstract=… are understood");
    }

    /** Both lines at once: the bus asks for the data that EXTERNAL does not need, and is answered already. */
    private void authenticate(long deadline, LongSupplier nanoTime) throws IOException, BusException {
        write(ByteBuffer.wrap(GREETING.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_ANSWER);
        String answer = "";
        while (!answer.matches("(?s)DATA\r\nOK [^\r]*\r\n.*")) {
            if (answer.contains("REJECTED") || answer.contains("ERROR")) {
                throw new BusException(Cause.DENIED, "the bus does not let this user in: it cannot authenticate");
            }
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - nanoTime.getAsLong());
            if (left <= 0) {
                throw silent();
            }
            channel.setOption(UnixSocketOptions.SO_RCVTIMEO, (int) left);
            if (channel.read(buffer) < 0 || !buffer.hasRemaining()) {
                throw new IOException("it hung up");
            }
            answer = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
        }
        write(ByteBuffer.wrap("BEGIN\r\n".getBytes(StandardCharsets.US_ASCII)));
    }

    private static BusException silent() {
        return new BusException(Cause.TIMEOUT, "it accepts and stays silent");
    }

    /** All in one write(2): the library takes 35 for a question, and each wakes the bus. */
    void write(List<? extends Message> messages) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream(256 * messages.size());
        for (Message message : messages) {
            for (byte[] part : message.getWireData()) {
                if (part == null) {
                    break;
                }
                whole.writeBytes(part);
            }
        }
        write(ByteBuffer.wrap(whole.toByteArray()));
    }

    private void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) == 0) {
                throw new IOException("it takes nothing more");
            }
        }
    }

    ReadableByteChannel input() {
        return channel;
    }

    /** Has who reads see the end of the stream, and close: were it closed under a thread that reads, that would spin. */
    synchronized void hangUp() {
        if (closed) {
            return; // its number may be another socket's by now
        }
        try {
            channel.shutdownInput();
        } catch (IOException | RuntimeException e) {
            // Closed by the other side: what was wanted.
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException | RuntimeException e) {
            // It is gone either way.
        }
    }
}
