package dev.rediswarden.notify;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.rediswarden.check.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Alerts as Alertmanager's API v2 takes them: a list of {@code {labels, annotations, startsAt?, endsAt}}. Posted twice
 * they are the same alerts. Each names its own end, an hour ahead, since what names none is resolved by Alertmanager's
 * resolve_timeout; it is put off every five minutes, which outlives a restart of Alertmanager too.
 */
final class AlertBody {

    /** How often alerts that are firing are posted anew. */
    static final Duration EVERY = Duration.ofMinutes(5);

    private static final Duration LIFE = Duration.ofHours(1);

    private AlertBody() {}

    static String of(Message message, Instant now) {
        JsonArray alerts = new JsonArray();
        if (message.test()) {
            Standing test =
                    new Standing("test", Status.DEGRADED, now, "a person has run redis-warden notify --test", "");
            alerts.add(alert(message.host(), test, Status.DEGRADED, now.plus(Duration.ofMinutes(1))));
        }
        for (Change change : message.changes()) {
            // Another severity is another alert to it.
            if (change.from().compareTo(Status.OK) > 0
                    && !severity(change.from()).equals(severity(change.to()))) {
                alerts.add(alert(message.host(), change.now(), change.from(), change.at()));
            }
            if (!change.isResolved()) {
                alerts.add(alert(message.host(), change.now(), change.to(), now.plus(LIFE)));
            }
        }
        return alerts.toString();
    }

    /** What is firing, once more. */
    static String again(String host, List<Standing> firing, Instant now) {
        JsonArray alerts = new JsonArray();
        firing.forEach(standing -> alerts.add(alert(host, standing, standing.status(), now.plus(LIFE))));
        return alerts.toString();
    }

    private static JsonObject alert(String host, Standing standing, Status status, Instant end) {
        JsonObject labels = new JsonObject();
        labels.addProperty("alertname", "RedisWarden");
        labels.addProperty("instance", host);
        labels.addProperty("check", standing.check());
        labels.addProperty("severity", severity(status));
        JsonObject annotations = new JsonObject();
        annotations.addProperty("summary", host + ": " + standing.check() + " is " + status.word());
        annotations.addProperty("description", standing.detail());
        if (!standing.remedy().isEmpty()) {
            annotations.addProperty("remedy", standing.remedy());
        }
        JsonObject alert = new JsonObject();
        alert.add("labels", labels);
        alert.add("annotations", annotations);
        if (standing.status() == status) {
            alert.addProperty("startsAt", standing.since().toString());
        }
        alert.addProperty("endsAt", end.toString());
        return alert;
    }

    private static String severity(Status status) {
        return switch (status) {
            case UNHEALTHY -> "critical";
            case DEGRADED, UNKNOWN -> "warning";
            case OFF, OK -> "none";
        };
    }
}
