package dev.rediswarden.socket;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** A connected socket whose reads end at one deadline, even where bytes drip in; TLS may be spoken over it. */
public final class TimedSocket extends Socket {

    private final Socket inner;
    private final Deadline deadline;

    public TimedSocket(Socket inner, Deadline deadline) {
        this.inner = inner;
        this.deadline = deadline;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return new FilterInputStream(inner.getInputStream()) {
            @Override
            public int read() throws IOException {
                inner.setSoTimeout(deadline.millisLeft());
                return in.read();
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                inner.setSoTimeout(deadline.millisLeft());
                return in.read(buffer, offset, length);
            }
        };
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        return inner.getOutputStream();
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
    public synchronized void close() throws IOException {
        inner.close();
    }
}
