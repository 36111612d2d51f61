package dev.rediswarden.redis;

import dev.rediswarden.socket.Deadline;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;

/**
 * A connected socket as Jedis uses one, whatever carries it: reads end at one deadline, even where bytes drip in, and
 * replies stay within {@link ReplyBounds}.
 */
final class GuardedSocket extends Socket {

    private final Socket inner;
    private final ReplyBounds bounds = new ReplyBounds();
    private Deadline deadline;

    GuardedSocket(Socket inner, Deadline deadline) {
        this.inner = inner;
        this.deadline = deadline;
    }

    /** From here on another exchange, with its own time and budget. */
    void begin(Deadline next) {
        deadline = next;
        bounds.restart();
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(inner.getInputStream()) {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                inner.setSoTimeout(deadline.millisLeft());
                int count = in.read(buffer, offset, length);
                if (count > 0) {
                    bounds.accept(buffer, offset, count);
                }
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return inner.getOutputStream();
    }

    @Override
    public synchronized void setSoTimeout(int millis) throws SocketException {
        inner.setSoTimeout(millis);
    }

    @Override
    public synchronized int getSoTimeout() throws SocketException {
        return inner.getSoTimeout();
    }

    @Override
    public boolean isBound() {
        return inner.isBound();
    }

    @Override
    public boolean isConnected() {
        return inner.isConnected();
    }

    @Override
    public boolean isClosed() {
        return inner.isClosed();
    }

    @Override
    public boolean isInputShutdown() {
        return inner.isInputShutdown();
    }

    @Override
    public boolean isOutputShutdown() {
        return inner.isOutputShutdown();
    }

    @Override
    public synchronized void close() throws IOException {
        inner.close();
    }
}
