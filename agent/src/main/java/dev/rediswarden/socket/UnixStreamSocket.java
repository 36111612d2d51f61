package dev.rediswarden.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import jnr.unixsocket.UnixSocket;
import jnr.unixsocket.UnixSocketAddress;
import jnr.unixsocket.UnixSocketChannel;
import jnr.unixsocket.UnixSocketOptions;

/**
 * jnr's unix socket made fit for Jedis: as it is, {@code isBound()} is false, so that Jedis connects again at every
 * command, and an expired timeout reads 0 bytes, so that Jedis asks for ever.
 */
public final class UnixStreamSocket extends UnixSocket {

    /** unix(7): {@code sun_path} holds 108 bytes, the last of them 0. */
    private static final int MAX_PATH_BYTES = 107;

    private final UnixSocketChannel channel;

    private UnixStreamSocket(UnixSocketChannel channel) {
        super(channel);
        this.channel = channel;
    }

    /**
     * Connects, waiting at most so long where the server's queue is full.
     *
     * @throws AccessDeniedException where the file is there and this user may not write to it, which connecting needs
     */
    public static UnixStreamSocket connect(Path path, int timeoutMillis) throws IOException {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
            throw new IOException("the socket's path is longer than " + MAX_PATH_BYTES + " bytes");
        }
        UnixSocketChannel channel = UnixSocketChannel.create();
        try {
            // socket(7): the timeout for sending is the one for connecting as well.
            channel.setOption(UnixSocketOptions.SO_SNDTIMEO, timeoutMillis);
            if (!channel.connect(new UnixSocketAddress(path.toString()))) {
                throw new SocketTimeoutException("the server accepts no connection");
            }
            return new UnixStreamSocket(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            if (!(e instanceof SocketTimeoutException) && !Files.notExists(path) && !Files.isWritable(path)) {
                throw new AccessDeniedException(path.toString());
            }
            throw e;
        }
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public InputStream getInputStream() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = channel.read(ByteBuffer.wrap(buffer, offset, length));
                if (count == 0 && length > 0) {
                    throw new SocketTimeoutException("no answer in time");
                }
                return count;
            }
        };
    }

    @Override
    public OutputStream getOutputStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
                while (rest.hasRemaining()) {
                    if (channel.write(rest) == 0) {
                        throw new SocketTimeoutException("the server takes no request");
                    }
                }
            }
        };
    }
}
