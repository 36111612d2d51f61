package dev.rediswarden.notify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;

/** What is posted, as JSON. */
final class Bodies {

    /** Beyond it Slack shortens a text. */
    private static final int MOST_TEXT = 3_500;

    private Bodies() {}

    /**
     * {@code {"version": 1, "id", "kind": "changes" | "test", "host", "made", "attempt", "status", "title", "left_out",
     * "changes": [{"check", "from", "to", "at", "since", "detail", "remedy"?}]}}; times are RFC 3339 in UTC. A version is
     * added to, never changed.
     *
     * @param tries that were made before
     */
    static String webhook(Message message, int tries) {
        JsonObject json = new JsonObject();
        json.addProperty("version", 1);
        json.addProperty("id", message.id());
        json.addProperty("kind", message.test() ? "test" : "changes");
        json.addProperty("host", message.host());
        json.addProperty("made", message.made().toString());
        json.addProperty("attempt", tries + 1);
        json.addProperty("status", message.status().word());
        json.addProperty("title", message.title());
        json.addProperty("left_out", message.left());
        JsonArray changes = new JsonArray();
        for (Change change : message.changes()) {
            JsonObject one = new JsonObject();
            one.addProperty("check", change.now().check());
            one.addProperty("from", change.from().word());
            one.addProperty("to", change.to().word());
            one.addProperty("at", change.at().toString());
            one.addProperty("since", change.now().since().toString());
            one.addProperty("detail", change.now().detail());
            if (!change.now().remedy().isEmpty()) {
                one.addProperty("remedy", change.now().remedy());
            }
            changes.add(one);
        }
        json.add("changes", changes);
        return json.toString();
    }

    /** As Slack, Mattermost, Rocket.Chat and Discord (at its /slack address) take it from an incoming webhook. */
    static String slack(Message message) {
        StringBuilder text =
                new StringBuilder("*").append(escaped(message.title())).append("*");
        message.lines().forEach(line -> text.append("\n• ").append(escaped(line)));
        if (text.length() > MOST_TEXT) {
            text.setLength(MOST_TEXT);
            text.append("…");
        }
        JsonObject json = new JsonObject();
        json.addProperty("text", text.toString());
        return json.toString();
    }

    /** What a server says must call nobody, and link to nothing. */
    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("@", "@\u200b");
    }
}
