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
            int colon = text.indexOf(':', start);
            if (colon > start && colon < end && text.charAt(start) != '#') {
                fields.put(
                        text.substring(start, colon),
                        text.substring(colon + 1, end).stripTrailing());
            }
            start = end + 1;
        }
        return new Fields(fields);
    }
}
