package dev.rediswarden.notify;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rediswarden.check.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How what is kept on the disk is written: the form is this program's own, and may change with it. */
final class NoticeJson {

    /** Reads one thing out of a document. */
    interface Reader<T> {
        T read(JsonObject json);
    }

    /** It is none that this program wrote. */
    static final class Foreign extends IOException {

        private static final long serialVersionUID = 1;

        private Foreign(Exception cause) {
            super("it is none that redis-warden wrote", cause);
        }
    }

    private NoticeJson() {}

    /** @throws Foreign where it is none that this program wrote, whatever bytes they are */
    static <T> T parse(byte[] text, Reader<T> reader) throws Foreign {
        try {
            return reader.read(JsonParser.parseString(new String(text, StandardCharsets.UTF_8))
                    .getAsJsonObject());
        } catch (JsonParseException
                | ClassCastException
                | IllegalStateException
                | IllegalArgumentException
                | UnsupportedOperationException
                | NullPointerException
                | DateTimeException e) {
            throw new Foreign(e);
        }
    }

    static JsonObject of(Bulletin bulletin) {
        JsonObject json = new JsonObject();
        json.addProperty("number", bulletin.number());
        json.addProperty("at", bulletin.at().toString());
        json.addProperty("host", bulletin.host());
        JsonArray standings = new JsonArray();
        bulletin.standings().forEach(standing -> standings.add(of(standing)));
        json.add("standings", standings);
        return json;
    }

    static Bulletin bulletin(JsonObject json) {
        return new Bulletin(
                json.get("number").getAsLong(),
                time(json, "at"),
                json.get("host").getAsString(),
                list(json, "standings", NoticeJson::standing));
    }

    static JsonObject of(Standing standing) {
        JsonObject json = new JsonObject();
        json.addProperty("check", standing.check());
        json.addProperty("status", standing.status().word());
        json.addProperty("since", standing.since().toString());
        json.addProperty("detail", standing.detail());
        json.addProperty("remedy", standing.remedy());
        return json;
    }

    private static Standing standing(JsonObject json) {
        return new Standing(
                json.get("check").getAsString(),
                status(json, "status"),
                time(json, "since"),
                json.get("detail").getAsString(),
                json.get("remedy").getAsString());
    }

    static JsonObject of(Change change) {
        JsonObject json = of(change.now());
        json.addProperty("from", change.from().word());
        json.addProperty("at", change.at().toString());
        return json;
    }

    static Change change(JsonObject json) {
        return new Change(status(json, "from"), time(json, "at"), standing(json));
    }

    static JsonObject of(Message message) {
        JsonObject json = new JsonObject();
        json.addProperty("id", message.id());
        json.addProperty("host", message.host());
        json.addProperty("made", message.made().toString());
        json.add("changes", changes(message.changes()));
        json.addProperty("left", message.left());
        json.addProperty("last", message.last());
        json.addProperty("test", message.test());
        return json;
    }

    static Message message(JsonObject json) {
        return new Message(
                json.get("id").getAsString(),
                json.get("host").getAsString(),
                time(json, "made"),
                list(json, "changes", NoticeJson::change),
                json.get("left").getAsInt(),
                json.get("last").getAsBoolean(),
                json.get("test").getAsBoolean());
    }

    static JsonArray changes(List<Change> changes) {
        JsonArray all = new JsonArray();
        changes.forEach(change -> all.add(of(change)));
        return all;
    }

    static <T> List<T> list(JsonObject json, String name, Reader<T> reader) {
        List<T> all = new ArrayList<>();
        for (JsonElement element : json.getAsJsonArray(name)) {
            all.add(reader.read(element.getAsJsonObject()));
        }
        return all;
    }

    static Status status(JsonObject json, String name) {
        return status(json.get(name).getAsString());
    }

    static Status status(String word) {
        return Status.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Instant time(JsonObject json, String name) {
        return Instant.parse(json.get(name).getAsString());
    }
}
