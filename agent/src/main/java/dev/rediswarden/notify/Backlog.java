package dev.rediswarden.notify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the deliverer has left when it ended.
 *
 * @param due when it is to be started again; empty where there is nothing for it
 * @param failed how many messages were given up, as far as they are kept
 * @param givenUp by receiver, how many ever were
 */
public record Backlog(Optional<Instant> due, int failed, List<Waiting> receivers, Map<String, Long> givenUp) {

    /** Nothing waits. */
    public static final Backlog NONE = new Backlog(Optional.empty(), 0, List.of(), Map.of());

    private static final Backlog UNREADABLE = new Backlog(Optional.of(Instant.EPOCH), 0, List.of(), Map.of());

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(65);

    public Backlog {
        receivers = List.copyOf(receivers);
        givenUp = Map.copyOf(givenUp);
    }

    /**
     * Of one receiver.
     *
     * @param changes that it was not told of
     * @param since when the oldest of them was seen
     * @param why it was not, at the last try; empty where there was none
     */
    public record Waiting(String receiver, int changes, Instant since, String why) {}

    /** Where it is none that was written here, the deliverer is due, which writes it anew. */
    public static Backlog read(Spool spool) throws IOException {
        byte[] text;
        try {
            text = Files.readAllBytes(spool.state());
        } catch (NoSuchFileException e) {
            return NONE;
        }
        try {
            return NoticeJson.parse(text, Backlog::of);
        } catch (NoticeJson.Foreign e) {
            return UNREADABLE;
        }
    }

    /** No legal pause is longer: what is due beyond it was written before the clock was set back. */
    public boolean isDue(Instant now) {
        return due.filter(at -> !at.isAfter(now) || Duration.between(now, at).compareTo(LONGEST_PAUSE) > 0)
                .isPresent();
    }

    void write(Spool spool) throws IOException {
        JsonObject json = new JsonObject();
        due.ifPresent(at -> json.addProperty("due", at.toString()));
        json.addProperty("failed", failed);
        JsonArray all = new JsonArray();
        for (Waiting waiting : receivers) {
            JsonObject one = new JsonObject();
            one.addProperty("receiver", waiting.receiver());
            one.addProperty("changes", waiting.changes());
            one.addProperty("since", waiting.since().toString());
            one.addProperty("why", waiting.why());
            all.add(one);
        }
        json.add("receivers", all);
        JsonObject counts = new JsonObject();
        givenUp.forEach(counts::addProperty);
        json.add("given_up", counts);
        Spool.write(spool.state(), json.toString());
    }

    /** One of an earlier version has none. */
    private static Map<String, Long> counts(JsonObject json) {
        Map<String, Long> counts = new HashMap<>();
        if (json.has("given_up")) {
            json.getAsJsonObject("given_up")
                    .entrySet()
                    .forEach(one -> counts.put(one.getKey(), one.getValue().getAsLong()));
        }
        return counts;
    }

    private static Backlog of(JsonObject json) {
        return new Backlog(
                json.has("due") ? Optional.of(NoticeJson.time(json, "due")) : Optional.empty(),
                json.get("failed").getAsInt(),
                NoticeJson.list(
                        json,
                        "receivers",
                        one -> new Waiting(
                                one.get("receiver").getAsString(),
                                one.get("changes").getAsInt(),
                                NoticeJson.time(one, "since"),
                                one.get("why").getAsString())),
                counts(json));
    }
}
