package dev.rediswarden.preflight;

import dev.rediswarden.snapshot.Untrusted;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What came of one visit to a server as the site's client: connect, AUTH, PING, SELECT, and a canary key written, read and
 * removed.
 *
 * @param step the one that it ended at; the last where it went well
 * @param text the error reply, or why there was none; empty where it went well
 * @param took from connecting to the end
 * @param number seconds until a loading server is ready, or the bytes of maxmemory for one that is full; as it says itself
 * @param otherName true where the certificate was for another name, and nothing else was wrong with it
 */
public record Visit(Step step, Outcome outcome, String text, Duration took, OptionalLong number, boolean otherName) {

    /** In this order. */
    public enum Step {
        CONNECT,
        AUTH,
        PING,
        SELECT,
        SET,
        GET,
        DEL
    }

    /** How it ended. */
    public enum Outcome {
        /** Every step went well. */
        DONE,
        /** The step was answered with an error, or not with what it must be. */
        REFUSED,
        /** Nobody listens, or what listened went away. */
        ABSENT,
        TIMEOUT,
        /** The socket's file does not let this user in. */
        DENIED,
        TLS,
        /** What answers is no Redis. */
        NOT_REDIS,
        /** A fault of this program. */
        FAILED
    }

    /** Where canaries are, for an ACL. */
    public static final String CANARY = "redis-warden:canary:";

    public Visit {
        text = Untrusted.line(text);
    }

    public Visit(Step step, Outcome outcome, String text, Duration took) {
        this(step, outcome, text, took, OptionalLong.empty(), false);
    }

    public Visit withNumber(OptionalLong learned) {
        return new Visit(step, outcome, text, took, learned, otherName);
    }

    public Visit withOtherName() {
        return new Visit(step, outcome, text, took, number, true);
    }

    /** True for what can pass by itself: nobody listens yet, no answer in time, the dataset is being loaded. */
    public boolean mayPass() {
        return outcome == Outcome.ABSENT || outcome == Outcome.TIMEOUT || is("LOADING");
    }

    /** Whether it was refused with an error of that kind (https://redis.io/docs/reference/protocol-spec/#simple-errors). */
    public boolean is(String kind) {
        return outcome == Outcome.REFUSED && text.split(" ", 2)[0].equals(kind);
    }
}
