package dev.rediswarden.history;

import dev.rediswarden.history.Event.Kind;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An event as a line of text: its time, kind, instance, subject and text, between tabs, which are in none of them; then
 * the CRC32 of all that in hexadecimal.
 */
final class EventLine {

    private static final int PARTS = 6;

    private EventLine() {}

    /** Without its newline. */
    static String of(Event event) {
        String parts = String.join(
                "\t", event.at().toString(), event.kind().word(), event.redis(), event.subject(), event.text());
        return parts + '\t' + crc(parts);
    }

    /** Empty where it is none, or was not written whole. */
    static Optional<Event> parse(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length != PARTS
                || !crc(line.substring(0, line.lastIndexOf('\t'))).equals(parts[PARTS - 1])) {
            return Optional.empty();
        }
        try {
            Instant at = Instant.parse(parts[0]);
            return Kind.of(parts[1]).map(kind -> new Event(at, kind, parts[2], parts[3], parts[4]));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static String crc(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }
}
