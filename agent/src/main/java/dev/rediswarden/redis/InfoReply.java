package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import java.util.HashMap;
import java.util.Map;

/** INFO's reply taken apart: {@code name:value} lines between {@code # Section} headings. */
final class InfoReply {

    private InfoReply() {}

    static Fields parse(byte[] reply) {
        String text = new String(reply, UTF_8);
        Map<String, String> fields = new HashMap<>();
        for (int start = 0; start < text.length(); ) {
            int end = text.indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            // By itself: in a reply that has no colon, the rest would be searched anew for each of its lines.
            String line = text.substring(start, end);
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                fields.put(line.substring(0, colon), line.substring(colon + 1).stripTrailing());
            }
            start = end + 1;
        }
        return new Fields(fields);
    }
}
