package dev.rediswarden.snapshot;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The answer to one PING, or that there was none.
 *
 * @param address where it was asked, without credentials: {@code 127.0.0.1:6379} or {@code unix:/run/redis/redis.sock}
 * @param reply the error reply's text or the connection error; empty for PONG
 * @param latency from asking to the answer, or to giving up
 * @param timeoutsInRow how many PINGs in a row, this one included, had no answer in time; 0 for any answer
 * @param loadingEta seconds until a loading server is ready, as it says itself (INFO's {@code loading_eta_seconds})
 * @param p99 what 99 of 100 of the last answers stayed within; empty until there were enough
 */
public record Ping(
        Outcome outcome,
        String address,
        String reply,
        Duration latency,
        int timeoutsInRow,
        OptionalLong loadingEta,
        Optional<Duration> p99) {

    /** How a PING ended. */
    public enum Outcome {
        /** {@code +PONG}. */
        PONG,
        /** Nobody listens: connection refused, socket file missing, or closed before an answer. */
        REFUSED,
        /** Connected or not, no answer within the timeout. */
        TIMEOUT,
        /** {@code -LOADING}: the dataset is being read into memory. */
        LOADING,
        /** {@code -NOAUTH}, {@code -WRONGPASS}, {@code -NOPERM}: it answers, but not to us. */
        NOT_PERMITTED,
        /** {@code -MISCONF}: reads are served, writes are refused since a snapshot failed. */
        MISCONF,
        /** {@code -BUSY}: a script blocks the server. */
        BUSY,
        /** {@code -MASTERDOWN} and every other error reply. */
        ERROR
    }

    /** The first one, which has no others beside it. */
    public Ping(
            Outcome outcome,
            String address,
            String reply,
            Duration latency,
            int timeoutsInRow,
            OptionalLong loadingEta) {
        this(outcome, address, reply, latency, timeoutsInRow, loadingEta, Optional.empty());
    }

    public Ping {
        reply = Untrusted.line(reply);
    }

    /** True where no answer of any kind came. */
    public boolean isSilent() {
        return outcome == Outcome.REFUSED || outcome == Outcome.TIMEOUT;
    }

    /** {@code 0.31 ms}, for a person. */
    public String latencyText() {
        return Latency.text(latency);
    }
}
