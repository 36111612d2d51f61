package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.KnownKeys;
import dev.rediswarden.snapshot.Queue;
import dev.rediswarden.snapshot.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Asks every database that INFO names for keys of exact names: EXISTS, and where Celery's are, LLEN and the head of
 * {@code unacked_index}. The names are kombu's (kombu/transport/redis.py) and those that published attacks write.
 */
final class KeysQuestion {

    /** Redis has 16 where redis.conf says nothing; a host with more sites has more. */
    static final int MOST_DATABASES = 64;

    /** Scripts that plant cron lines write them under these; one alone may be a site's own. */
    static final List<String> PLANTED =
            List.of("crackit", "Backup1", "Backup2", "Backup3", "Backup4", "backup1", "backup2", "backup3", "backup4");

    /** What kombu adds to a queue's name for each of its priority steps. */
    private static final List<String> PRIORITIES = List.of("", "\u0006\u00163", "\u0006\u00166", "\u0006\u00169");

    private static final int PLANTED_FROM = 2;
    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final CommandArguments OLDEST = new CommandArguments(Command.ZRANGE)
            .add("unacked_index")
            .add("0")
            .add("0")
            .add("WITHSCORES");

    private final List<String> queues;
    private final QueueWindow window = new QueueWindow();
    /** Databases where they were once: keys that were evicted are not there to be found. */
    private final Set<Integer> seen = new TreeSet<>();

    /** @param queues names of Celery's queues */
    KeysQuestion(List<String> queues) {
        this.queues = List.copyOf(queues);
    }

    void forget() {
        window.clear();
        seen.clear();
    }

    /** @param now nanoseconds of a monotonic clock */
    Reading<KnownKeys> ask(Link link, Fields info, long now) {
        List<Integer> databases = databases(info);
        List<Integer> looked = databases.stream().limit(MOST_DATABASES).toList();
        try {
            List<Integer> celery = new ArrayList<>();
            List<Integer> planted = new ArrayList<>();
            List<CommandArguments> questions = new ArrayList<>();
            for (int database : looked) {
                questions.add(select(database));
                questions.add(exists(brokerKeys(queues)));
                questions.add(exists(PLANTED));
            }
            List<Object> replies = link.ask(questions.toArray(CommandArguments[]::new));
            for (int i = 0; i < looked.size(); i++) {
                accepted(replies.get(3 * i), "SELECT", "+select");
                if (number(replies.get(3 * i + 1), "EXISTS") > 0) {
                    seen.add(looked.get(i));
                    celery.add(looked.get(i));
                }
                if (number(replies.get(3 * i + 2), "EXISTS") >= PLANTED_FROM) {
                    planted.add(looked.get(i));
                }
            }
            Waiting waiting = celery.isEmpty() ? Waiting.unlisted(info) : Waiting.ask(link, info);
            window.keep(celery);
            List<Queue> lengths = new ArrayList<>();
            for (int database : celery) {
                lengths.addAll(lengths(link, database, waiting.in(database), now));
            }
            return Reading.known(new KnownKeys(List.copyOf(seen), planted, lengths, databases.size() == looked.size()));
        } catch (Refused e) {
            return e.reading();
        } finally {
            if (link.isOpen() && !looked.isEmpty()) {
                link.ask(select(0));
            }
        }
    }

    private static List<Integer> databases(Fields info) {
        return info.values().keySet().stream()
                .map(DATABASE::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Integer.valueOf(matcher.group(1)))
                .sorted()
                .toList();
    }

    static List<String> brokerKeys(List<String> queues) {
        List<String> keys = new ArrayList<>(List.of("unacked", "unacked_index"));
        for (String queue : queues) {
            PRIORITIES.forEach(step -> keys.add(queue + step));
            keys.add("_kombu.binding." + queue);
        }
        return keys;
    }

    private List<Queue> lengths(Link link, int database, long waiting, long now) throws Refused {
        List<CommandArguments> questions = new ArrayList<>(List.of(select(database), OLDEST));
        queues.forEach(queue ->
                PRIORITIES.forEach(step -> questions.add(new CommandArguments(Command.LLEN).add(queue + step))));
        List<Object> replies = link.ask(questions.toArray(CommandArguments[]::new));
        accepted(replies.get(0), "SELECT", "+select");
        Optional<Instant> oldest = oldest(replies.get(1));
        List<Queue> lengths = new ArrayList<>();
        for (int i = 0; i < queues.size(); i++) {
            long length = 0;
            for (int step = 0; step < PRIORITIES.size(); step++) {
                length += number(replies.get(2 + i * PRIORITIES.size() + step), "LLEN");
            }
            lengths.add(window.observe(database, queues.get(i), length, waiting, oldest, now));
        }
        return lengths;
    }

    /** The score is the time in seconds, with a fraction. */
    private static Optional<Instant> oldest(Object reply) throws Refused {
        accepted(reply, "ZRANGE", "+zrange ~unacked_index");
        if (reply instanceof List<?> pair && pair.size() == 2 && pair.get(1) instanceof byte[] score) {
            try {
                double seconds = Double.parseDouble(new String(score, UTF_8));
                return seconds > 0 && seconds < Integer.MAX_VALUE * 4.0
                        ? Optional.of(Instant.ofEpochSecond((long) seconds))
                        : Optional.empty();
            } catch (NumberFormatException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static CommandArguments select(int database) {
        return new CommandArguments(Command.SELECT).add(Integer.toString(database));
    }

    private static CommandArguments exists(List<String> keys) {
        CommandArguments question = new CommandArguments(Command.EXISTS);
        keys.forEach(question::add);
        return question;
    }

    private static long number(Object reply, String command) throws Refused {
        if (reply instanceof Long number) {
            return number;
        }
        // A key of that name that is no list: a site's own, and no queue.
        if (Refusals.message(reply).startsWith("WRONGTYPE")) {
            return 0;
        }
        throw new Refused(
                command, "+" + command.toLowerCase(Locale.ROOT) + " on the keys' names", Refusals.message(reply));
    }

    private static void accepted(Object reply, String command, String rule) throws Refused {
        if (reply instanceof JedisDataException && !Refusals.message(reply).startsWith("WRONGTYPE")) {
            throw new Refused(command, rule, Refusals.message(reply));
        }
    }

    /** The server did not answer one of the questions, so that the rest means nothing. */
    private static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final String command;
        private final String rule;
        private final String said;

        Refused(String command, String rule, String said) {
            super(said, null, false, false);
            this.command = command;
            this.rule = rule;
            this.said = said;
        }

        Reading<KnownKeys> reading() {
            return Refusals.unknown(command, rule, said);
        }
    }
}
