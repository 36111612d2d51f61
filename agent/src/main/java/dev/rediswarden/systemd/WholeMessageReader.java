package dev.rediswarden.systemd;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;

/**
 * Cuts the stream of a bus connection into messages (D-Bus specification, "Message Format"). A message that is larger
 * than any answer expected here is passed over: any local user may send one, and it must not cost the memory.
 */
final class WholeMessageReader {

    static final int LARGEST = 4 << 20;

    /** The fixed part of the header, before the length of its fields. */
    private static final int FIXED = 12;

    private final ReadableByteChannel channel;
    private ByteBuffer buffer = ByteBuffer.allocate(4096);
    private long unwanted;

    WholeMessageReader(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /** The next message; blocks until it is whole. */
    Message readMessage() throws IOException, DBusException {
        while (true) {
            passOver();
            long length = length();
            if (length > LARGEST) {
                unwanted = length;
            } else if (buffer.position() >= length) {
                return take((int) length);
            } else {
                reserve((int) length);
                fill();
            }
        }
    }

    /** The length of the first message, or of what is needed to know it. */
    private long length() throws IOException {
        if (buffer.position() < FIXED + 4) {
            return FIXED + 4;
        }
        buffer.order(buffer.get(0) == 'B' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        if (buffer.get(3) != Message.PROTOCOL) {
            throw new IOException("D-Bus protocol version " + buffer.get(3) + " is not known");
        }
        return FIXED + 4 + fieldsLength() + Integer.toUnsignedLong(buffer.getInt(4));
    }

    /** The header's fields with their padding to 8 bytes. */
    private long fieldsLength() {
        return (Integer.toUnsignedLong(buffer.getInt(FIXED)) + 7) & ~7L;
    }

    private Message take(int length) throws IOException, DBusException {
        int fields = (int) fieldsLength();
        byte[] fixed = new byte[FIXED];
        // dbus-java wants the fields' array as if it began on a boundary of 8: its length, 4 bytes of padding, the
        // rest.
        byte[] header = new byte[8 + fields];
        byte[] body = new byte[length - FIXED - 4 - fields];
        buffer.flip();
        buffer.get(fixed).get(header, 0, 4).get(header, 8, fields).get(body);
        buffer.compact();
        return MessageFactory.createMessage(fixed[1], fixed, header, body, null);
    }

    private void passOver() throws IOException {
        while (unwanted > 0) {
            if (buffer.position() == 0) {
                fill();
            }
            int dropped = (int) Math.min(unwanted, buffer.position());
            buffer.flip().position(dropped);
            buffer.compact();
            unwanted -= dropped;
        }
    }

    private void reserve(int length) {
        if (buffer.capacity() < length) {
            ByteBuffer larger = ByteBuffer.allocate(length);
            larger.put(buffer.flip());
            buffer = larger;
        }
    }

    private void fill() throws IOException {
        if (channel.read(buffer) < 0) {
            throw new EOFException("the bus closed the connection");
        }
    }
}
