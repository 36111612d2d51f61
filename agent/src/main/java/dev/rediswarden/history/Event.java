package dev.rediswarden.history;

import dev.rediswarden.snapshot.Untrusted;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Something that has happened, at most one line of text to each part.
 *
 * @param redis name of the instance that it is about; empty for what is about none, or about all
 * @param subject what it is about: a check, a unit, a setting, a site
 * @param text what happened, in words
 */
public record Event(Instant at, Kind kind, String redis, String subject, String text) {

    /** What sort of thing. */
    public enum Kind {
        /** The whole, or a check, is told otherwise than before. */
        STATUS,
        /** A unit was started, stopped, restarted, or has failed. */
        UNIT,
        /** The server is another process than before. */
        RESTART,
        /** Settings of the server have changed. */
        CONFIG,
        /** The agent itself was started, or has read its configuration anew. */
        AGENT,
        /** The agent has changed the host, or has decided not to. */
        DECISION,
        /** Somebody has deployed. */
        DEPLOY;

        /** As files and answers name it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Kind> of(String word) {
            return Arrays.stream(values())
                    .filter(kind -> kind.word().equals(word))
                    .findFirst();
        }
    }

    public Event {
        at = at.truncatedTo(ChronoUnit.MILLIS);
        redis = Untrusted.line(redis);
        subject = Untrusted.line(subject);
        text = Untrusted.line(text);
    }
}
