package dev.rediswarden.redis;

import dev.rediswarden.redis.Administrator.Refused;
import dev.rediswarden.snapshot.Fields;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import redis.clients.jedis.CommandArguments;

/**
 * How many keys a server has, and digests of a few hundred of them that do not expire: taken before a change and after
 * it, they show that the data is still there. No key and no value leaves this class.
 *
 * @param keys of all databases
 * @param digests by database, in hexadecimal, by key
 */
record Sample(long keys, Map<Integer, Map<ByteBuffer, Optional<String>>> digests) {

    private static final int MOST_DATABASES = 4;
    private static final int SCANNED = 100;

    /** DUMP of a larger value holds up the server for others. */
    private static final int LARGEST = 16 << 10;

    /** Under load, a site deletes and writes; what takes away half of all keys is no site's day. */
    private static final int FEW = 20;

    private static final Pattern DATABASE = Pattern.compile("db(\\d{1,9})");
    private static final Pattern KEYS = Pattern.compile("keys=(\\d{1,15}),.*");

    static Sample take(Administrator server) throws Refused {
        Fields keyspace = server.info("keyspace");
        Map<Integer, Map<ByteBuffer, Optional<String>>> digests = new HashMap<>();
        for (int database : databases(keyspace)) {
            if (digests.size() < MOST_DATABASES) {
                digests.put(database, digests(server, database, lasting(server, database)));
            }
        }
        return new Sample(count(keyspace), digests);
    }

    private static List<Integer> databases(Fields keyspace) {
        return keyspace.values().keySet().stream()
                .map(DATABASE::matcher)
                .filter(Matcher::matches)
                .map(name -> Integer.valueOf(name.group(1)))
                .sorted()
                .toList();
    }

    private static long count(Fields keyspace) {
        return keyspace.values().values().stream()
                .map(KEYS::matcher)
                .filter(Matcher::matches)
                .mapToLong(field -> Long.parseLong(field.group(1)))
                .sum();
    }

    /** Keys of one look at the table that neither expire nor are large. */
    private static List<byte[]> lasting(Administrator server, int database) throws Refused {
        Object reply = in(server, database, List.of(Administrator.command("SCAN", "0", "COUNT", "" + SCANNED)))
                .get(0);
        List<byte[]> keys = new ArrayList<>();
        if (reply instanceof List<?> scan && scan.size() == 2 && scan.get(1) instanceof List<?> found) {
            found.stream().limit(SCANNED).filter(byte[].class::isInstance).forEach(key -> keys.add((byte[]) key));
        }
        List<CommandArguments> questions = new ArrayList<>();
        for (byte[] key : keys) {
            questions.add(Administrator.command("PTTL").add(key));
            questions.add(Administrator.command("MEMORY", "USAGE")
                    .add(key)
                    .add("SAMPLES")
                    .add("1"));
        }
        List<Object> answers = in(server, database, questions);
        List<byte[]> lasting = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            boolean lasts = answers.get(2 * i) instanceof Long ttl && ttl == -1;
            if (lasts && answers.get(2 * i + 1) instanceof Long size && size <= LARGEST) {
                lasting.add(keys.get(i));
            }
        }
        return lasting;
    }

    /** Few at a time: a reply of more than a megabyte is none that is read. */
    private static Map<ByteBuffer, Optional<String>> digests(Administrator server, int database, List<byte[]> keys)
            throws Refused {
        Map<ByteBuffer, Optional<String>> digests = new HashMap<>();
        int step = 25;
        for (int from = 0; from < keys.size(); from += step) {
            List<byte[]> some = keys.subList(from, Math.min(from + step, keys.size()));
            List<Object> dumps = in(
                    server,
                    database,
                    some.stream()
                            .map(key -> Administrator.command("DUMP").add(key))
                            .toList());
            for (int i = 0; i < some.size(); i++) {
                digests.put(
                        ByteBuffer.wrap(some.get(i)),
                        dumps.get(i) instanceof byte[] dump ? Optional.of(digest(dump)) : Optional.empty());
            }
        }
        return digests;
    }

    /** In one exchange with its SELECT: a connection that was replaced begins with database 0. */
    private static List<Object> in(Administrator server, int database, List<CommandArguments> commands) throws Refused {
        if (commands.isEmpty()) {
            return List.of();
        }
        List<CommandArguments> all = new ArrayList<>();
        all.add(Administrator.command("SELECT", String.valueOf(database)));
        all.addAll(commands);
        all.add(Administrator.command("SELECT", "0"));
        List<Object> replies = server.ask(all);
        return replies.subList(1, replies.size() - 1);
    }

    private static String digest(byte[] dump) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(dump));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /**
     * Compares with what is there now.
     *
     * @return what was seen
     * @throws Refused when the data went away; not for what a site deletes or changes in the meantime
     */
    String compare(Administrator server) throws Refused {
        int same = 0;
        int changed = 0;
        int gone = 0;
        for (Map.Entry<Integer, Map<ByteBuffer, Optional<String>>> database : digests.entrySet()) {
            List<byte[]> keys =
                    database.getValue().keySet().stream().map(ByteBuffer::array).toList();
            for (Map.Entry<ByteBuffer, Optional<String>> now :
                    digests(server, database.getKey(), keys).entrySet()) {
                Optional<String> before = database.getValue().getOrDefault(now.getKey(), Optional.empty());
                if (now.getValue().isEmpty()) {
                    gone += before.isPresent() ? 1 : 0;
                } else if (now.getValue().equals(before)) {
                    same++;
                } else {
                    changed++;
                }
            }
        }
        long keysNow = count(server.info("keyspace"));
        String text = keys + " keys before and " + keysNow + " now; of " + (same + changed + gone) + " sampled " + same
                + " are the same, " + changed + " changed, " + gone + " gone";
        if (gone >= FEW && gone > same + changed && keysNow < keys / 2) {
            throw new Refused("the data went away meanwhile: " + text);
        }
        return text;
    }

    /** Keys may name people. */
    @Override
    public String toString() {
        return "Sample[" + keys + " keys]";
    }
}
