package dev.rediswarden.notify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Outbox.Underway;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tinylog.Logger;

/** The file of an outbox, which is replaced whole. It holds the receiver's name, and nothing of how it is reached. */
record OutboxFile(Path file) {

    /** A new one where there is none; one that cannot be read is set aside, and told. */
    Outbox read() throws IOException {
        try {
            return NoticeJson.parse(Files.readAllBytes(file), OutboxFile::outbox);
        } catch (NoSuchFileException e) {
            return Outbox.NEW;
        } catch (NoticeJson.Foreign e) {
            Path aside = file.resolveSibling("." + file.getFileName() + ".bad");
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            Logger.warn("{} is not used ({}), and is now {}", file, e.getMessage(), aside);
            return Outbox.NEW;
        }
    }

    void write(Outbox outbox) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("number", outbox.number());
        json.addProperty("host", outbox.host());
        JsonObject told = new JsonObject();
        outbox.told().forEach((check, status) -> told.addProperty(check, status.word()));
        json.add("told", told);
        json.add("open", NoticeJson.changes(outbox.open()));
        json.addProperty("left", outbox.left());
        JsonArray sent = new JsonArray();
        outbox.sent().forEach(at -> sent.add(at.toString()));
        json.add("sent", sent);
        outbox.underway().ifPresent(tried -> json.add("underway", of(tried)));
        json.addProperty("refreshed", outbox.refreshed().toString());
        Spool.write(file, json.toString());
    }

    private static JsonObject of(Underway tried) {
        JsonObject json = new JsonObject();
        json.add("message", NoticeJson.of(tried.message()));
        json.addProperty("tries", tried.tries());
        json.addProperty("due", tried.due().toString());
        json.addProperty("why", tried.why());
        return json;
    }

    private static Outbox outbox(JsonObject json) {
        Map<String, Status> told = new TreeMap<>();
        json.getAsJsonObject("told")
                .entrySet()
                .forEach(entry -> told.put(
                        entry.getKey(), NoticeJson.status(entry.getValue().getAsString())));
        List<Instant> sent = new ArrayList<>();
        json.getAsJsonArray("sent").forEach(at -> sent.add(Instant.parse(at.getAsString())));
        return new Outbox(
                json.get("number").getAsLong(),
                json.get("host").getAsString(),
                told,
                NoticeJson.list(json, "open", NoticeJson::change),
                json.get("left").getAsInt(),
                sent,
                Optional.ofNullable(json.getAsJsonObject("underway")).map(OutboxFile::underway),
                NoticeJson.time(json, "refreshed"));
    }

    private static Underway underway(JsonObject json) {
        return new Underway(
                NoticeJson.message(json.getAsJsonObject("message")),
                json.get("tries").getAsInt(),
                NoticeJson.time(json, "due"),
                json.get("why").getAsString());
    }
}
