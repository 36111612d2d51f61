package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Inspection;
import dev.rediswarden.snapshot.Inspection.Module;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Asks once a minute as a rule, over the connection that is there, what changes rarely; and as a stranger, over one of its own. */
final class Inspector {

    private static final Duration SELDOM = Duration.ofMinutes(1);

    /** How many looks a queue is given before it counts as one that nobody takes from. */
    private static final int LOOKS = 5;

    private static final CommandArguments MODULES = new CommandArguments(Command.MODULE).add("LIST");

    /** Not to be among the clients that go when those have too much memory; Redis 6 has no such thing, and says so. */
    private static final CommandArguments STAY =
            new CommandArguments(Command.CLIENT).add("NO-EVICT").add("on");

    private static final CommandArguments PING = new CommandArguments(Command.PING);

    private final Session session;
    private final KeysQuestion keys;
    private final Duration every;
    private @Nullable Inspection last;
    private String server = "";
    private List<Object> accessThen = List.of();
    private long askedAt;

    Inspector(Session session, Policy policy) {
        Duration often = policy.limits().queueStall().dividedBy(LOOKS);
        this.session = session;
        this.keys = new KeysQuestion(policy.queues());
        this.every = often.compareTo(SELDOM) < 0 ? often : SELDOM;
    }

    /**
     * What was found a short while ago, or is found now; a server that was restarted is looked at anew, and so is
     * what it had no answer to.
     *
     * @param passwordAsked what the server says of its default user
     * @param passwordSet what CONFIG says of a password; where either has changed, all is found anew
     */
    Inspection inspect(
            Link link, Fields info, Reading<Boolean> passwordAsked, Optional<Boolean> passwordSet, long now) {
        String id = info.text("run_id").orElse("");
        if (!server.equals(id)) {
            server = id;
            last = null;
            keys.forget();
        }
        List<Object> access = List.of(passwordAsked.optional(), passwordSet);
        if (!access.equals(accessThen)) {
            accessThen = access;
            last = null;
        }
        Inspection found = last;
        if (found == null || now - askedAt >= every.toNanos()) {
            Reading<List<Module>> modules = modules(link.ask(MODULES, STAY).get(0));
            Reading<KnownKeys> known = keys.ask(link, info, now);
            // Last, since it may take all the time that is left.
            found = new Inspection(strangerServed(link, passwordAsked), modules, known);
            last = isSettled(found.modules()) && isSettled(found.keys()) && isSettled(found.strangerServed())
                    ? found
                    : null;
            askedAt = now;
        }
        return found;
    }

    /** A right that is lacking is lacking in ten seconds too; a server that loads is not loading for ever. */
    private static boolean isSettled(Reading<?> reading) {
        return reading.fold(
                known -> true, unknown -> unknown.cause() == Cause.DENIED || unknown.cause() == Cause.UNSUPPORTED);
    }

    /** Whether nobody is asked for a password is known already where this connection was not. */
    private Reading<Boolean> strangerServed(Link link, Reading<Boolean> passwordAsked) {
        if (!link.isAuthenticated() || !passwordAsked.optional().orElse(true)) {
            return Reading.known(true);
        }
        try (Link stranger = session.stranger()) {
            Object reply = stranger.ask(PING).get(0);
            String message = Refusals.message(reply);
            return !(reply instanceof JedisDataException) ? Reading.known(true) : turnedAway(message);
        } catch (JedisDataException e) {
            return turnedAway(String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            return Failure.of(e).unknown(session.address());
        }
    }

    private static Reading<Boolean> turnedAway(String message) {
        return switch (message.split(" ", 2)[0]) {
            case "NOAUTH", "DENIED" -> Reading.known(false);
            // Somebody it is then, whose rights are another matter.
            case "NOPERM" -> Reading.known(true);
            default -> Reading.unknown(Cause.FAILED, "PING without a password: " + message);
        };
    }

    private static Reading<List<Module>> modules(Object reply) {
        if (!(reply instanceof List<?> list)) {
            return Refusals.unknown("MODULE LIST", "+module|list", Refusals.message(reply));
        }
        List<Module> modules = new ArrayList<>();
        for (Object module : list) {
            String name = "";
            String path = "";
            if (module instanceof List<?> pairs) {
                for (int i = 0; i + 1 < pairs.size(); i += 2) {
                    String key = text(pairs.get(i));
                    name = key.equals("name") ? text(pairs.get(i + 1)) : name;
                    path = key.equals("path") ? text(pairs.get(i + 1)) : path;
                }
            }
            modules.add(new Module(name, path));
        }
        return Reading.known(List.copyOf(modules));
    }

    private static String text(Object word) {
        return word instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(word);
    }
}
