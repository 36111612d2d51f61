package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;

/**
 * Clients that wait for a list's next element, as Celery's workers do: by database where CLIENT LIST is short enough to
 * ask for, else the count of all that are blocked on anything.
 *
 * @param byDatabase counts of BRPOP; not looked at where {@code listed} is false
 */
record Waiting(boolean listed, Map<Integer, Long> byDatabase, long blocked) {

    /** Its reply has a line for each; of so many it takes half a millisecond. */
    private static final long MOST_CLIENTS = 500;

    private static final CommandArguments LIST = new CommandArguments(Command.CLIENT).add("LIST");
    /** Blocked, and not only the last that it asked: a worker that has lost its consumer keeps such a connection. */
    private static final Pattern POPPING =
            Pattern.compile("(?m)^.* flags=[A-Za-z]*b[A-Za-z]* db=(\\d{1,9}) .* cmd=(?:brpop|blpop|bzmpop|blmpop) .*$");

    Waiting {
        byDatabase = Map.copyOf(byDatabase);
    }

    static Waiting unlisted(Fields info) {
        // Where it is not told, somebody may wait.
        return new Waiting(false, Map.of(), info.number("blocked_clients").orElse(1));
    }

    static Waiting ask(Link link, Fields info) {
        boolean few = info.number("connected_clients").orElse(Long.MAX_VALUE) <= MOST_CLIENTS;
        if (!few || info.is("blocked_clients", "0") || !(link.ask(LIST).get(0) instanceof byte[] list)) {
            return unlisted(info);
        }
        Map<Integer, Long> found = new HashMap<>();
        Matcher popping = POPPING.matcher(new String(list, UTF_8));
        while (popping.find()) {
            found.merge(Integer.valueOf(popping.group(1)), 1L, Long::sum);
        }
        return new Waiting(true, found, 0);
    }

    long in(int database) {
        return listed ? byDatabase.getOrDefault(database, 0L) : blocked;
    }
}
