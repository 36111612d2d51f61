package dev.rediswarden.notify;

import com.google.gson.JsonObject;
import java.time.Instant;

/** A message that was given up, for a person to read. */
final class FailedFile {

    private FailedFile() {}

    static String text(String receiver, String why, Instant at, Message message) {
        JsonObject json = NoticeJson.of(message);
        json.addProperty("receiver", receiver);
        json.addProperty("why", why);
        json.addProperty("given_up", at.toString());
        return json.toString();
    }
}
