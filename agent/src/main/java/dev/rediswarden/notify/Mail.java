package dev.rediswarden.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** A message as mail, handed to the host's sendmail(8). */
record Mail(Receiver receiver) {

    /** RFC 5322, 2.1.1: at most 998 bytes; a character of UTF-8 has at most four. */
    private static final int MOST_CHARACTERS = 240;

    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    Attempt send(Message message) throws IOException {
        // -i: a line with a single dot does not end it.
        return Program.attempt(new Program(
                        List.of("/usr/sbin/sendmail", "-i", "-t"),
                        receiver.pace().timeout())
                .run(message.id(), text(message)));
    }

    /** The same one at each try, whose Message-ID lets a mailbox see that it has it. */
    String text(Message message) {
        StringBuilder text = new StringBuilder();
        receiver.address().from().ifPresent(from -> header(text, "From", from));
        header(text, "To", String.join(", ", receiver.address().to()));
        header(text, "Subject", encoded("[redis-warden] " + message.title()));
        header(text, "Date", DATE.format(message.made()));
        header(text, "Message-ID", "<" + message.id() + "@redis-warden.invalid>");
        header(text, "Auto-Submitted", "auto-generated");
        header(text, "MIME-Version", "1.0");
        header(text, "Content-Type", "text/plain; charset=utf-8");
        header(text, "Content-Transfer-Encoding", "8bit");
        text.append('\n');
        message.lines().forEach(line -> body(text, plain(line)));
        return text.toString();
    }

    private static void header(StringBuilder text, String name, String value) {
        text.append(name).append(": ").append(plain(value)).append('\n');
    }

    /** Nothing that comes from a server ends a line, and so none becomes a header. */
    private static String plain(String value) {
        return value.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", " ");
    }

    private static void body(StringBuilder text, String line) {
        String rest = line;
        while (rest.length() > MOST_CHARACTERS) {
            int blank = rest.lastIndexOf(' ', MOST_CHARACTERS);
            int end = blank > 0 ? blank : MOST_CHARACTERS;
            text.append(rest, 0, end).append('\n');
            rest = rest.substring(end).stripLeading();
        }
        text.append(rest).append("\n\n");
    }

    /** RFC 2047: words of at most 75 characters where it is not ASCII. */
    private static String encoded(String value) {
        if (value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            return value;
        }
        StringBuilder words = new StringBuilder();
        int start = 0;
        while (start < value.length()) {
            int end = Math.min(value.length(), start + 10);
            if (end < value.length() && Character.isHighSurrogate(value.charAt(end - 1))) {
                end++;
            }
            byte[] bytes = value.substring(start, end).getBytes(StandardCharsets.UTF_8);
            words.append(words.isEmpty() ? "" : " ").append("=?utf-8?B?");
            words.append(Base64.getEncoder().encodeToString(bytes)).append("?=");
            start = end;
        }
        return words.toString();
    }
}
