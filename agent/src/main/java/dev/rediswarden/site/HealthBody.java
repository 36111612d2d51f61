package dev.rediswarden.site;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import dev.rediswarden.snapshot.Untrusted;
import dev.rediswarden.socket.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a site says of itself in JSON: {@code {"status": WORD, "checks": {NAME: WORD or {"status": WORD, "detail"?:
 * TEXT}}}}. Whoever answers there may have written it, so it is cut short and cleaned before it is told.
 *
 * @param parts those of its checks that are not well
 */
record HealthBody(Optional<String> word, List<String> parts) {

    private static final HealthBody NONE = new HealthBody(Optional.empty(), List.of());

    private static final Set<String> WELL = Set.of("ok", "up", "pass", "passed", "healthy", "true", "off");

    private static final int MOST_PARTS = 8;
    private static final int MOST_CHARACTERS = 80;

    /**
     * Nothing where the body is no JSON object.
     *
     * @throws Reply.NotUnderstood where it begins as one and is none: what it was to say is not known
     */
    static HealthBody of(String body) throws Reply.NotUnderstood {
        String text = body.strip();
        if (!text.startsWith("{")) {
            return NONE;
        }
        try {
            JsonObject object = JsonParser.parseString(text).getAsJsonObject();
            return new HealthBody(word(object.get("status")), parts(object.get("checks")));
        } catch (JsonParseException | IllegalStateException | NumberFormatException | StackOverflowError e) {
            throw new Reply.NotUnderstood("JSON that cannot be read");
        }
    }

    /** Null and a structure are words as well, that nobody knows. */
    private static Optional<String> word(@Nullable JsonElement status) {
        return Optional.ofNullable(status).map(HealthBody::shown);
    }

    private static String shown(JsonElement element) {
        return line(element instanceof JsonPrimitive primitive ? primitive.getAsString() : element.toString());
    }

    private static List<String> parts(@Nullable JsonElement checks) {
        List<String> parts = new ArrayList<>();
        if (checks instanceof JsonObject object) {
            for (Map.Entry<String, JsonElement> check : object.entrySet()) {
                if (parts.size() < MOST_PARTS) {
                    part(check.getKey(), check.getValue()).ifPresent(parts::add);
                }
            }
        }
        return parts;
    }

    private static Optional<String> part(String name, JsonElement value) {
        if (value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            return Optional.empty(); // a measure, which says of itself neither that all is well nor that it is not
        }
        if (!(value instanceof JsonObject object)) {
            String word = shown(value);
            return isWell(word) ? Optional.empty() : Optional.of(line(name) + ": " + word);
        }
        String detail = word(object.get("detail")).map(text -> ", " + text).orElse("");
        return word(object.get("status")).filter(word -> !isWell(word)).map(word -> line(name) + ": " + word + detail);
    }

    private static boolean isWell(String word) {
        return WELL.contains(word.toLowerCase(Locale.ROOT));
    }

    private static String line(String text) {
        String clean = Untrusted.line(text);
        return clean.length() > MOST_CHARACTERS ? clean.substring(0, MOST_CHARACTERS) + "…" : clean;
    }
}
