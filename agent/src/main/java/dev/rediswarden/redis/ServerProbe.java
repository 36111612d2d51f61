package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Exchange;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Growth;
import dev.rediswarden.snapshot.GrowthWindow;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.SlowLog;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Asks a server about itself in one round trip of five commands: INFO all, CONFIG GET *, ACL GETUSER default, SLOWLOG GET 1
 * and SLOWLOG LEN (https://redis.io/commands/), over a connection of its own that it keeps.
 */
public final class ServerProbe implements Probe<ServerState> {

    private static final CommandArguments INFO = new CommandArguments(Command.INFO).add("all");
    private static final CommandArguments CONFIG =
            new CommandArguments(Command.CONFIG).add("GET").add("*");
    private static final CommandArguments DEFAULT_USER =
            new CommandArguments(Command.ACL).add("GETUSER").add("default");

    /** Its length stays as it is once the log is full; the number of the last entry does not. */
    private static final CommandArguments SLOWLOG =
            new CommandArguments(Command.SLOWLOG).add("GET").add("1");

    private static final CommandArguments SLOWLOG_LENGTH = new CommandArguments(Command.SLOWLOG).add("LEN");

    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final List<String> COUNTERS =
            List.of("rejected_connections", "aof_delayed_fsync", "evicted_keys", "acl_access_denied_auth");

    private final String name;
    private final LongSupplier nanos;
    private final GrowthWindow window = new GrowthWindow(WINDOW);
    private final Session session;
    private final Inspector inspector;
    private Exchange exchange = Exchange.NONE;

    /**
     * @param policy for Celery's queues, and how often to look at them
     * @param nanos a monotonic clock in nanoseconds, {@code System::nanoTime}
     */
    public ServerProbe(String instance, Target target, Policy policy, LongSupplier nanos) {
        this.name = "INFO of " + instance;
        this.nanos = nanos;
        this.session = new Session(target, nanos);
        this.inspector = new Inspector(session, policy);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * Known as soon as INFO answers, also while loading. UNAVAILABLE where nobody listens, TIMEOUT, DENIED without
     * the right credentials; a part that this user may not ask for is unknown by itself.
     */
    @Override
    public Reading<ServerState> read() {
        try {
            return session.converse(this::ask);
        } catch (JedisDataException e) {
            return Refusals.unknown("INFO", "+info", String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError e) {
            return Failure.of(e).unknown(session.address());
        }
    }

    private Reading<ServerState> ask(Link link) {
        long begun = nanos.getAsLong();
        List<Object> replies = link.ask(INFO, CONFIG, DEFAULT_USER, SLOWLOG, SLOWLOG_LENGTH);
        Duration took = Duration.ofNanos(nanos.getAsLong() - begun);
        if (replies.get(0) instanceof byte[] info) {
            ConfigReply config = ConfigReply.of(replies.get(1));
            if (session.isKept()
                    && !link.isAuthenticated()
                    && config.passwordSet().orElse(false)) {
                // Who was let in before there was a password stays: whether one is asked for, a new connection shows.
                session.close();
                return session.converse(this::ask);
            }
            Fields fields = InfoReply.parse(info);
            Reading<SlowLog> slow = slowLog(replies.get(3), replies.get(4));
            exchange = new Exchange(exchange.times() + 1, exchange.inAll().plus(took), took, session.connecting());
            Reading<Boolean> asked = DefaultUser.asksPassword(replies.get(2), config, link.isAuthenticated());
            return Reading.known(new ServerState(
                    fields,
                    config.parameters(),
                    asked,
                    config.passwordSet(),
                    slow,
                    growth(fields, slow),
                    inspector.inspect(link, fields, asked, config.passwordSet(), nanos.getAsLong()),
                    exchange));
        }
        String message = Refusals.message(replies.get(0));
        if (message.startsWith("NOAUTH")) {
            session.refused();
            return Reading.unknown(Cause.DENIED, "INFO: " + link.refusal(message));
        }
        return Refusals.unknown("INFO", "+info", message);
    }

    /** The last entry's number, which counts from 0, and time; the command in it may hold anything, and stays here. */
    private static Reading<SlowLog> slowLog(Object reply, Object length) {
        if (!(reply instanceof List<?> entries)) {
            return Refusals.unknown("SLOWLOG GET", "+slowlog|get", Refusals.message(reply));
        }
        if (entries.isEmpty()) {
            return Reading.known(SlowLog.EMPTY);
        }
        return entries.get(0) instanceof List<?> entry
                        && entry.size() > 2
                        && entry.get(0) instanceof Long number
                        && entry.get(2) instanceof Long micros
                ? Reading.known(new SlowLog(
                        number + 1,
                        length instanceof Long held ? OptionalLong.of(held) : OptionalLong.empty(),
                        Duration.of(micros, ChronoUnit.MICROS)))
                : Reading.unknown(Cause.FAILED, "SLOWLOG GET: an unexpected reply");
    }

    private Growth growth(Fields info, Reading<SlowLog> slow) {
        Map<String, Long> counts = new HashMap<>();
        COUNTERS.forEach(name -> info.number(name).ifPresent(count -> counts.put(name, count)));
        // An empty log may have been emptied: the next entry's number goes on from the last one's.
        slow.optional().filter(log -> log.written() > 0).ifPresent(log -> counts.put("slowlog", log.written()));
        return window.observe(info.text("run_id").orElse(""), counts, nanos.getAsLong());
    }

    @Override
    public void close() {
        session.close();
    }
}
