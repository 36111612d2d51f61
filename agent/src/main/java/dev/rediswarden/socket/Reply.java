package dev.rediswarden.socket;

import dev.rediswarden.snapshot.Untrusted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An answer of HTTP on a connection of its own: it ends where that does (RFC 1945, 7.2.2), and before where its length
 * or its last chunk says so (RFC 9112, 7.1).
 *
 * @param location of a redirect; empty without
 */
public record Reply(int code, String location, String body) {

    /** More than any health tells. */
    static final int MOST_BYTES = 64 << 10;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: [^\\r\\n]*)?");

    private static final Pattern CHUNK_LINE = Pattern.compile("0*([0-9a-fA-F]{1,7})(?:[ \\t]*;[^\\r]*)?\\r");

    /** It ended before it was whole. */
    public static final class BrokenOff extends IOException {

        private static final long serialVersionUID = 1;

        BrokenOff(String message) {
            super(message);
        }
    }

    /** It is none, or larger than any that tells of health. */
    public static final class NotUnderstood extends IOException {

        private static final long serialVersionUID = 1;

        public NotUnderstood(String message) {
            super(message);
        }
    }

    public static Reply read(InputStream in) throws IOException {
        return read(in, MOST_BYTES);
    }

    /** @param most bytes that are taken in, of head and body together */
    public static Reply read(InputStream in, int most) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8 << 10];
        int count = in.read(buffer);
        while (count >= 0) {
            all.write(buffer, 0, count);
            if (all.size() > most) {
                throw new NotUnderstood("more than " + (most >> 10) + " kB");
            }
            count = in.read(buffer);
        }
        return parse(all.toByteArray());
    }

    public static Reply parse(byte[] bytes) throws BrokenOff, NotUnderstood {
        // A head is short, whatever comes after it.
        String text = new String(bytes, 0, Math.min(bytes.length, MOST_BYTES), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        Matcher status = STATUS_LINE.matcher(text.lines().findFirst().orElse(""));
        boolean begun = "HTTP/1.".startsWith(text.substring(0, Math.min(7, text.length())));
        if (!status.matches() && (text.contains("\r\n") || !begun)) {
            throw new NotUnderstood(
                    "no HTTP: " + Untrusted.line(text.lines().findFirst().orElse("")));
        }
        if (end < 0 || !status.matches()) {
            throw new BrokenOff("the connection ended after " + bytes.length + " bytes");
        }
        String head = text.substring(0, end);
        int start = end + 4;
        Optional<String> encoding = header(head, "transfer-encoding");
        if (encoding.isPresent()) {
            byte[] whole = chunks(encoding.get(), bytes, start);
            return reply(status, head, whole, 0, whole.length);
        }
        Optional<String> length = header(head, "content-length");
        if (length.isPresent() && !length.get().matches("\\d{1,9}")) {
            throw new NotUnderstood("Content-Length: " + Untrusted.line(length.get()));
        }
        int expected = length.map(Integer::parseInt).orElse(bytes.length - start);
        if (bytes.length - start < expected) {
            throw new BrokenOff("the connection ended after " + bytes.length + " bytes");
        }
        return reply(status, head, bytes, start, expected);
    }

    private static Reply reply(Matcher status, String head, byte[] bytes, int start, int length) {
        String body = new String(bytes, start, length, StandardCharsets.UTF_8);
        return new Reply(
                Integer.parseInt(status.group(1)), header(head, "location").orElse(""), body);
    }

    private static byte[] chunks(String encoding, byte[] bytes, int start) throws BrokenOff, NotUnderstood {
        if (!encoding.equalsIgnoreCase("chunked")) {
            throw new NotUnderstood("Transfer-Encoding: " + Untrusted.line(encoding));
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream(bytes.length - start);
        int at = start;
        while (true) {
            int size = at;
            while (at < bytes.length && bytes[at] != '\n') {
                at++;
            }
            if (at == bytes.length) {
                throw new BrokenOff("the connection ended after " + bytes.length + " bytes");
            }
            Matcher line = CHUNK_LINE.matcher(new String(bytes, size, at - size, StandardCharsets.ISO_8859_1));
            if (!line.matches()) {
                throw new NotUnderstood("a chunk without its size");
            }
            int length = Integer.parseInt(line.group(1), 16);
            at++;
            if (length == 0) {
                return whole.toByteArray();
            }
            if (bytes.length - at < length + 2) {
                throw new BrokenOff("the connection ended after " + bytes.length + " bytes");
            }
            whole.write(bytes, at, length);
            at += length + 2;
        }
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
