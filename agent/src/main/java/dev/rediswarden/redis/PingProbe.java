package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Sends PING (https://redis.io/commands/ping/) over a connection that it keeps. */
public final class PingProbe implements Probe<Ping> {

    private static final CommandArguments PING = new CommandArguments(Command.PING);
    private static final CommandArguments INFO_PERSISTENCE = new CommandArguments(Command.INFO).add("persistence");

    private final String name;
    private final Session session;
    private final LongSupplier nanos;
    private final Timings timings = new Timings();
    private int timeoutsInRow;

    /** @param nanos a monotonic clock in nanoseconds, {@code System::nanoTime} */
    public PingProbe(String instance, Target target, LongSupplier nanos) {
        this.name = "PING of " + instance;
        this.session = new Session(target, nanos);
        this.nanos = nanos;
    }

    @Override
    public String name() {
        return name;
    }

    /** Unknown only where it cannot be told whether Redis answers: DENIED at the socket's file, FAILED in TLS. */
    @Override
    public Reading<Ping> read() {
        long start = nanos.getAsLong();
        try {
            return session.converse(link -> ask(link, start));
        } catch (JedisDataException e) {
            return answered(String.valueOf(e.getMessage()), since(start), OptionalLong.empty());
        } catch (RuntimeException | LinkageError e) {
            return unanswered(Failure.of(e), since(start));
        }
    }

    private Reading<Ping> ask(Link link, long start) {
        Object reply = link.ask(PING).get(0);
        Duration latency = since(start);
        if (!(reply instanceof JedisDataException error)) {
            String text = reply instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(reply);
            return text.equals("PONG")
                    ? ping(Outcome.PONG, "", latency, OptionalLong.empty())
                    : ping(Outcome.ERROR, text, latency, OptionalLong.empty());
        }
        String message = String.valueOf(error.getMessage());
        return switch (outcome(message)) {
            case LOADING -> answered(message, latency, loadingEta(link));
            case NOT_PERMITTED -> {
                session.refused();
                yield answered(link.refusal(message), latency, OptionalLong.empty());
            }
            default -> answered(message, latency, OptionalLong.empty());
        };
    }

    /** INFO is answered while loading; where it is not in time, LOADING remains true all the same. */
    private static OptionalLong loadingEta(Link link) {
        try {
            Object reply = link.ask(INFO_PERSISTENCE).get(0);
            return reply instanceof byte[] info
                    ? InfoReply.parse(info).number("loading_eta_seconds")
                    : OptionalLong.empty();
        } catch (RuntimeException e) {
            return OptionalLong.empty();
        }
    }

    /** An error reply begins with its kind (https://redis.io/docs/reference/protocol-spec/#simple-errors). */
    private static Outcome outcome(String error) {
        return switch (error.split(" ", 2)[0]) {
            case "LOADING" -> Outcome.LOADING;
            case "NOAUTH", "WRONGPASS", "NOPERM", "DENIED" -> Outcome.NOT_PERMITTED;
            case "MISCONF" -> Outcome.MISCONF;
            case "BUSY" -> Outcome.BUSY;
            default -> Outcome.ERROR;
        };
    }

    private Reading<Ping> answered(String error, Duration latency, OptionalLong eta) {
        return ping(outcome(error), error, latency, eta);
    }

    private Reading<Ping> unanswered(Failure failure, Duration latency) {
        return switch (failure.kind()) {
            case REFUSED -> ping(Outcome.REFUSED, failure.text(), latency, OptionalLong.empty());
            case TIMEOUT -> ping(Outcome.TIMEOUT, failure.text(), latency, OptionalLong.empty());
            case NOT_REDIS -> ping(Outcome.ERROR, failure.text(), latency, OptionalLong.empty());
            case DENIED, TLS, INTERNAL -> failure.unknown(session.address());
        };
    }

    private Reading<Ping> ping(Outcome outcome, String reply, Duration latency, OptionalLong eta) {
        timeoutsInRow = outcome == Outcome.TIMEOUT ? timeoutsInRow + 1 : 0;
        if (outcome == Outcome.REFUSED) {
            timings.clear();
        } else if (outcome == Outcome.PONG || outcome == Outcome.TIMEOUT) {
            timings.add(latency); // what had no answer took that long at least
        }
        return Reading.known(new Ping(outcome, session.address(), reply, latency, timeoutsInRow, eta, timings.p99()));
    }

    private Duration since(long start) {
        return Duration.ofNanos(nanos.getAsLong() - start);
    }

    @Override
    public void close() {
        session.close();
    }
}
