package dev.rediswarden.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a site answered when it was asked for its health, or that it did not.
 *
 * @param code of the answer (RFC 9110, 15); 0 for none
 * @param said the exception's own words where there is no answer, the target of a redirect, else empty
 * @param word what its JSON says under {@code status}; empty where its body is no JSON object, or has none
 * @param parts of its JSON's {@code checks} those that are not well: {@code redis: ConnectionError}; eight at most
 * @param latency from connecting to the answer's end, or to giving up
 * @param certificate what the web server proved itself with; empty without TLS, or where none came
 */
public record SiteAnswer(
        Outcome outcome,
        int code,
        String said,
        Optional<String> word,
        List<String> parts,
        Duration latency,
        Optional<Certificate> certificate) {

    /** How the question ended. */
    public enum Outcome {
        /** With a whole answer. */
        ANSWERED,
        /** Nobody listens: connection refused, or no socket there. */
        REFUSED,
        /** What listens went away before the answer was whole. */
        BROKEN_OFF,
        /** Three times in a row not within the timeout; fewer are an unknown reading. */
        TIMEOUT,
        /** The web server has no certificate for this name, or does not speak TLS. */
        TLS,
        /** An answer that is none of HTTP, or larger than any that tells of health. */
        NOT_UNDERSTOOD
    }

    /**
     * The web server's.
     *
     * @param named whether it is for the site's domain
     * @param names for which it is, a few of them
     */
    public record Certificate(Instant notBefore, Instant notAfter, boolean named, String names) {

        public Certificate {
            names = Untrusted.line(names);
        }
    }

    public SiteAnswer {
        said = Untrusted.line(said);
        word = word.map(Untrusted::line);
        parts = parts.stream().limit(8).map(Untrusted::line).toList();
    }

    /** {@code 12.41 ms}, for a person. */
    public String latencyText() {
        return Latency.text(latency);
    }
}
