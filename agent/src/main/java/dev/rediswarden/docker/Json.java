package dev.rediswarden.docker;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import com.google.gson.stream.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.StreamSupport;

/** A value in an answer. What is not there, or is another kind of value than it should be, is absent; nothing throws. */
record Json(JsonElement value) {

    /** It is none. */
    static final class NotJson extends Exception {

        private static final long serialVersionUID = 1;

        NotJson(Throwable why) {
            super(why);
        }
    }

    static Json parse(String text) throws NotJson {
        try {
            return new Json(JsonParser.parseString(text));
        } catch (JsonParseException | NumberFormatException | StackOverflowError e) {
            throw new NotJson(e);
        }
    }

    /** What is made of each item of an array, one after the other: the whole would be ten times its text. */
    static <T> List<T> each(String text, Function<Json, T> made) throws NotJson {
        List<T> all = new ArrayList<>();
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.beginArray();
            while (reader.hasNext()) {
                all.add(made.apply(new Json(JsonParser.parseReader(reader))));
            }
            reader.endArray();
            return all;
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | NumberFormatException
                | StackOverflowError e) {
            throw new NotJson(e);
        }
    }

    /** What is there under these names, one within the other; something empty where nothing is. */
    Json at(String... names) {
        JsonElement element = value;
        for (String name : names) {
            element = element instanceof JsonObject object && object.has(name) ? object.get(name) : JsonNull.INSTANCE;
        }
        return new Json(element);
    }

    Optional<String> text(String... names) {
        return at(names).value instanceof JsonPrimitive primitive && primitive.isString()
                ? Optional.of(primitive.getAsString())
                : Optional.empty();
    }

    /** Empty for one with a fraction, or too large to count. */
    OptionalLong number(String... names) {
        if (at(names).value instanceof JsonPrimitive primitive && primitive.isNumber()) {
            try {
                return OptionalLong.of(Long.parseLong(primitive.getAsString()));
            } catch (NumberFormatException e) {
                return OptionalLong.empty();
            }
        }
        return OptionalLong.empty();
    }

    boolean is(String... names) {
        return at(names).value instanceof JsonPrimitive primitive && primitive.isBoolean() && primitive.getAsBoolean();
    }

    Optional<Instant> instant(String... names) {
        return text(names).flatMap(text -> {
            try {
                return Optional.of(Instant.parse(text));
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        });
    }

    boolean has(String... names) {
        return !at(names).value.isJsonNull();
    }

    /** The items of an array; none where it is none. */
    List<Json> items(String... names) {
        return at(names).value instanceof JsonArray array
                ? StreamSupport.stream(array.spliterator(), false)
                        .map(Json::new)
                        .toList()
                : List.of();
    }

    /** The strings of an array. */
    List<String> texts(String... names) {
        return items(names).stream()
                .map(item -> item.text())
                .flatMap(Optional::stream)
                .toList();
    }

    /** The strings of an object, by name. */
    Map<String, String> words(String... names) {
        Map<String, String> words = new HashMap<>();
        if (at(names).value instanceof JsonObject object) {
            object.entrySet()
                    .forEach(entry ->
                            new Json(entry.getValue()).text().ifPresent(text -> words.put(entry.getKey(), text)));
        }
        return words;
    }
}
