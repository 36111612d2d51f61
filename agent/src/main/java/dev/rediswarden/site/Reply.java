package dev.rediswarden.site;

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
 * An answer of HTTP/1.0, which ends where its connection does (RFC 1945, 7.2.2).
 *
 * @param location of a redirect; empty without
 */
record Reply(int code, String location, String body) {

    static final int MOST_BYTES = 64 << 10;

    private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d\\d)(?: [^\\r\\n]*)?");

    /** It ended before it was whole. */
    static final class BrokenOff extends IOException {

        private static final long serialVersionUID = 1;

        BrokenOff(String message) {
            super(message);
        }
    }

    /** It is none, or larger than any that tells of health. */
    static final class NotUnderstood extends IOException {

        private static final long serialVersionUID = 1;

        NotUnderstood(String message) {
            super(message);
        }
    }

    static Reply read(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8 << 10];
        int count = in.read(buffer);
        while (count >= 0) {
            all.write(buffer, 0, count);
            if (all.size() > MOST_BYTES) {
                throw new NotUnderstood("more than " + (MOST_BYTES >> 10) + " kB");
            }
            count = in.read(buffer);
        }
        return parse(all.toByteArray());
    }

    static Reply parse(byte[] bytes) throws BrokenOff, NotUnderstood {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
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
        if (header(head, "transfer-encoding").isPresent()) {
            throw new NotUnderstood("an encoded answer, though HTTP/1.0 was asked for");
        }
        int start = end + 4;
        Optional<String> length = header(head, "content-length");
        if (length.isPresent() && !length.get().matches("\\d{1,9}")) {
            throw new NotUnderstood("Content-Length: " + Untrusted.line(length.get()));
        }
        int expected = length.map(Integer::parseInt).orElse(bytes.length - start);
        if (bytes.length - start < expected) {
            throw new BrokenOff("the connection ended after " + bytes.length + " bytes");
        }
        String body = new String(bytes, start, expected, StandardCharsets.UTF_8);
        return new Reply(
                Integer.parseInt(status.group(1)), header(head, "location").orElse(""), body);
    }

    private static Optional<String> header(String head, String name) {
        return head.lines()
                .skip(1)
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst();
    }
}
