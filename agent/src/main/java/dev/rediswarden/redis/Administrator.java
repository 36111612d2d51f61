package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/** Tells a server to change, one command at a time; an error reply, or none, is an exception without a secret. */
final class Administrator implements AutoCloseable {

    /** Redis syncs what it rewrites, which takes its time on a busy disk. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration LOOK = Duration.ofMillis(100);

    /** It could not be done, or was not. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    private final Session session;
    private final LongSupplier nanos;

    Administrator(Target target, LongSupplier nanos) {
        this.session = new Session(
                new Target(target.url(), target.confFiles(), target.passwordFile(), target.tlsCa(), PATIENCE), nanos);
        this.nanos = nanos;
    }

    /** Sends all at once, over one connection; error replies are among the answers. */
    List<Object> ask(List<CommandArguments> commands) throws Refused {
        try {
            return session.converse(link -> link.ask(commands.toArray(CommandArguments[]::new)));
        } catch (JedisDataException e) {
            throw new Refused(String.valueOf(e.getMessage()));
        } catch (JedisException e) {
            throw new Refused(session.address() + ": " + Failure.of(e).text());
        }
    }

    /** @throws Refused with the server's own words, which repeat arguments: for commands without a secret */
    Object ask(String... words) throws Refused {
        Object reply = ask(List.of(command(words))).get(0);
        if (reply instanceof JedisDataException e) {
            throw new Refused(words[0] + (words.length > 1 ? " " + words[1] : "") + ": " + e.getMessage());
        }
        return reply;
    }

    static CommandArguments command(String... words) {
        CommandArguments command = new CommandArguments(() -> words[0].getBytes(UTF_8));
        for (int i = 1; i < words.length; i++) {
            command.add(words[i]);
        }
        return command;
    }

    String config(String parameter) throws Refused {
        if (ask("CONFIG", "GET", parameter) instanceof List<?> pair
                && pair.size() == 2
                && pair.get(1) instanceof byte[] value) {
            return new String(value, UTF_8);
        }
        throw new Refused("CONFIG GET " + parameter + ": the server knows no such parameter");
    }

    /** Sets it, and sees that it is set. */
    void set(String parameter, String value) throws Refused {
        ask("CONFIG", "SET", parameter, value);
        String now = config(parameter);
        if (!ConfMeaning.isSame(parameter, now, value)) {
            throw new Refused("CONFIG SET was answered with OK, and CONFIG GET shows " + now);
        }
    }

    Fields info(String section) throws Refused {
        if (ask("INFO", section) instanceof byte[] reply) {
            return InfoReply.parse(reply);
        }
        throw new Refused("INFO " + section + ": an unexpected reply");
    }

    /** A condition of the server, with what to tell of it. */
    interface Condition {
        boolean isMet() throws Refused;
    }

    /** @throws Refused when it is not met in time, or cannot be looked at */
    void await(String what, Duration patience, Condition condition) throws Refused {
        long from = nanos.getAsLong();
        while (!condition.isMet()) {
            if (nanos.getAsLong() - from > patience.toNanos()) {
                throw new Refused(what + " did not end within " + patience.toSeconds() + " s");
            }
            pause();
        }
    }

    /** Waits until a server that went away, as in a restart, is there again; false where it is not in time. */
    boolean awaitAnswer(Duration patience) {
        List<Boolean> answers = new ArrayList<>();
        try {
            await("the server's return", patience, () -> {
                try {
                    ask("PING");
                    answers.add(true);
                } catch (Refused e) {
                    return false;
                }
                return true;
            });
        } catch (Refused e) {
            return false;
        }
        return !answers.isEmpty();
    }

    private static void pause() throws Refused {
        LockSupport.parkNanos(LOOK.toNanos());
        if (Thread.interrupted()) {
            Thread.currentThread().interrupt();
            throw new Refused("it was interrupted");
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
