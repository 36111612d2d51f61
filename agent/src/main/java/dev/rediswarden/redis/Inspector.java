package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Inspection;
import dev.rediswarden.snapshot.Inspection.Module;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** Asks once a minute, over the connection that is there, what changes rarely; and as a stranger, over one of its own. */
final class Inspector {

    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final CommandArguments MODULES = new CommandArguments(Command.MODULE).add("LIST");

    /** Not to be among the clients that go when those have too much memory; Redis 6 has no such thing, and says so. */
    private static final CommandArguments STAY =
            new CommandArguments(Command.CLIENT).add("NO-EVICT").add("on");

    /** A question about the keys: a user who may do nothing but PING is let in, and gets at nothing. */
    private static final CommandArguments AT_THE_KEYS = new CommandArguments(Command.EXISTS).add("redis-warden");

    private final Session session;
    private final KeysQuestion keys;
    private @Nullable Inspection last;
    private String server = "";
    private long askedAt;

    /** @param queues names of Celery's queues */
    Inspector(Session session, List<String> queues) {
        this.session = session;
        this.keys = new KeysQuestion(queues);
    }

    /** What was found within the last minute, or is found now; a server that was restarted is looked at anew. */
    Inspection inspect(Link link, Fields info, long now) {
        String id = info.text("run_id").orElse("");
        Inspection found = last;
        if (found == null || !server.equals(id) || now - askedAt >= EVERY.toNanos() || info.is("loading", "1")) {
            if (!server.equals(id)) {
                keys.forget();
            }
            server = id;
            askedAt = now;
            Reading<List<Module>> modules = modules(link.ask(MODULES, STAY).get(0));
            found = new Inspection(strangerServed(link), modules, keys.ask(link, info, now));
            last = found;
        }
        return found;
    }

    /** Whether nobody is asked for a password is known already where this connection was not. */
    private Reading<Boolean> strangerServed(Link link) {
        if (!link.isAuthenticated()) {
            return Reading.known(true);
        }
        try (Link stranger = session.stranger()) {
            Object reply = stranger.ask(AT_THE_KEYS).get(0);
            if (reply instanceof Long) {
                return Reading.known(true);
            }
            String message = Refusals.message(reply);
            return switch (message.split(" ", 2)[0]) {
                case "NOAUTH", "NOPERM", "DENIED" -> Reading.known(false);
                default -> Reading.unknown(Cause.FAILED, "EXISTS without a password: " + message);
            };
        } catch (JedisDataException e) {
            String message = String.valueOf(e.getMessage());
            return message.startsWith("DENIED")
                    ? Reading.known(false)
                    : Reading.unknown(Cause.FAILED, "a connection without a password: " + message);
        } catch (RuntimeException e) {
            return Failure.of(e).unknown(session.address());
        }
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
