package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MessageFactory;
import org.freedesktop.dbus.messages.constants.Endian;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a stream of bytes becomes messages, however the bytes come. */
class WholeMessageReaderTest {

    private static final MessageFactory FACTORY = new MessageFactory(Endian.LITTLE);

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 100, 65_536})
    void messagesAreWholeInWhateverPiecesTheyCome(int piece) throws Exception {
        byte[] stream = stream(signal("short"), signal("x".repeat(10_000)), signal("last"));
        WholeMessageReader reader = reader(stream, piece);

        assertThat(reader.readMessage().getParameters()).containsExactly("short");
        assertThat(reader.readMessage().getParameters()).containsExactly("x".repeat(10_000));
        assertThat(reader.readMessage().getParameters()).containsExactly("last");
        assertThatThrownBy(reader::readMessage).isInstanceOf(EOFException.class);
    }

    @Test
    void aMessageTooLargeToBeAnAnswerIsPassedOver() throws Exception {
        byte[] stream = stream(signal("x".repeat(WholeMessageReader.LARGEST)), signal("next"));

        assertThat(reader(stream, 5000).readMessage().getParameters()).containsExactly("next");
    }

    @Test
    void anotherProtocolIsRefused() {
        byte[] stream = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> reader(stream, 100).readMessage()).hasMessageContaining("protocol");
    }

    private static Message signal(String text) throws Exception {
        return FACTORY.createSignal(":1.1", "/a/path", "dev.rediswarden.Test", "Said", "s", text);
    }

    private static byte[] stream(Message... messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Message message : List.of(messages)) {
            for (byte[] part : message.getWireData()) {
                if (part == null) {
                    break;
                }
                out.writeBytes(part);
            }
        }
        return out.toByteArray();
    }

    private static WholeMessageReader reader(byte[] stream, int piece) {
        InputStream pieces = new ByteArrayInputStream(stream) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, piece));
            }

            @Override
            public synchronized int available() {
                // A channel goes on reading as long as there is something to be had at once.
                return 0;
            }
        };
        return new WholeMessageReader(Channels.newChannel(pieces));
    }
}
