package dev.rediswarden.systemd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.spi.message.IMessageReader;
import org.freedesktop.dbus.spi.message.IMessageWriter;
import org.freedesktop.dbus.spi.message.ISocketProvider;

/**
 * How dbus-java moves messages: each written by one write(2), read by as few read(2) as they come in. Its own way
 * takes 35 writes for one question, and wakes dbus-daemon for each. Found by {@link java.util.ServiceLoader}.
 */
public final class WholeMessages implements ISocketProvider {

    @Override
    public IMessageReader createReader(SocketChannel socket) {
        return new WholeMessageReader(socket);
    }

    @Override
    public IMessageWriter createWriter(SocketChannel socket) {
        return new Writer(socket);
    }

    @Override
    public void setFileDescriptorSupport(boolean support) {
        // No question here has a descriptor for its answer.
    }

    @Override
    public boolean isFileDescriptorPassingSupported() {
        return false;
    }

    private record Writer(SocketChannel socket) implements IMessageWriter {

        @Override
        public void writeMessage(Message message) throws IOException {
            byte[][] parts = message.getWireData();
            int count = 0;
            int length = 0;
            while (count < parts.length && parts[count] != null) {
                length += parts[count++].length;
            }
            ByteBuffer whole = ByteBuffer.allocate(length);
            for (int i = 0; i < count; i++) {
                whole.put(parts[i]);
            }
            whole.flip();
            while (whole.hasRemaining()) {
                socket.write(whole);
            }
        }

        @Override
        public boolean isClosed() {
            return !socket.isOpen();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
