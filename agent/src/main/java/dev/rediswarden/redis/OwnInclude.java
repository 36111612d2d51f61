package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rediswarden.redis.Administrator.Refused;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * A file of ours beside a redis.conf that Redis cannot rewrite, and the line at its end that includes it: the last word
 * on a parameter wins.
 */
final class OwnInclude {

    private static final String MARK =
            "# Written by redis-warden(1), as redis.conf could not be rewritten by Redis itself.\n";

    /** Values that need no quotes, as all of ours: a file that is read at the next start takes no server's word for more. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9:.*_ -]*");

    private final KeptFile conf;
    private final KeptFile own;

    private OwnInclude(KeptFile conf, KeptFile own) {
        this.conf = conf;
        this.own = own;
    }

    /** {@code /etc/redis/redis.conf} has {@code /etc/redis/redis-warden.conf}, another its own by its name. */
    static Path path(Path conf) {
        String name =
                String.valueOf(conf.getFileName()).replaceFirst("\\.conf$", "").replaceFirst("^(redis|valkey)-?", "");
        return conf.resolveSibling("redis-warden" + (name.isEmpty() ? "" : "-" + name) + ".conf");
    }

    static OwnInclude of(KeptFile conf) throws IOException {
        return new OwnInclude(conf, KeptFile.beside(conf.file(), path(conf.file())));
    }

    /** Whether the file has includes that are not ours: what they set, CONFIG REWRITE would copy and so hide. */
    static boolean hasOthers(KeptFile conf) {
        return new String(conf.bytes(), ISO_8859_1)
                .lines()
                .map(ConfLine::split)
                .flatMap(words -> words.stream())
                .anyMatch(words -> words.size() > 1
                        && words.get(0).equalsIgnoreCase("include")
                        && !words.subList(1, words.size())
                                .equals(List.of(path(conf.file()).toString())));
    }

    /** Whether redis.conf includes ours already: then what is there counts more than redis.conf. */
    boolean isIncluded() {
        return new String(conf.bytes(), ISO_8859_1)
                .lines()
                .anyMatch(line -> line.strip().equals(line()));
    }

    private String line() {
        return "include " + own.file();
    }

    /** Ours first: an include of a file that is not there keeps Redis from starting. */
    void set(String parameter, String value) throws IOException, Refused {
        if (!PLAIN.matcher(value).matches()) {
            throw new Refused("its value cannot be written into " + own.file());
        }
        Map<String, String> values = values();
        values.put(parameter, value);
        write(values);
    }

    /** Takes a parameter out; the include stays while there is another. */
    void unset(String parameter) throws IOException {
        Map<String, String> values = values();
        if (values.remove(parameter) != null) {
            write(values);
        }
    }

    private void write(Map<String, String> values) throws IOException {
        StringBuilder text = new StringBuilder(MARK);
        values.forEach((name, value) -> lines(text, name, value));
        own.replaceBy(text.toString().getBytes(ISO_8859_1));
        if (!isIncluded()) {
            String before = new String(conf.bytes(), ISO_8859_1);
            conf.replaceBy((before + (before.isEmpty() || before.endsWith("\n") ? "" : "\n") + MARK + line() + "\n")
                    .getBytes(ISO_8859_1));
        }
    }

    /** Save points one a line, as Redis 6 wants them, after none at all. */
    private static void lines(StringBuilder text, String name, String value) {
        if (!name.equals("save")) {
            text.append(name)
                    .append(' ')
                    .append(value.isEmpty() ? "\"\"" : value)
                    .append('\n');
            return;
        }
        text.append("save \"\"\n");
        String[] numbers = value.split(" ", -1);
        for (int i = 0; i + 1 < numbers.length; i += 2) {
            text.append("save ")
                    .append(numbers[i])
                    .append(' ')
                    .append(numbers[i + 1])
                    .append('\n');
        }
    }

    private Map<String, String> values() {
        Map<String, String> values = new TreeMap<>();
        new String(own.bytes(), ISO_8859_1)
                .lines()
                .filter(line -> !line.startsWith("#") && line.contains(" "))
                .map(line -> Arrays.asList(line.split(" ", 2)))
                .forEach(pair -> values.merge(
                        pair.get(0),
                        pair.get(1).replace("\"\"", ""),
                        (before, added) -> before.isEmpty() ? added : before + " " + added));
        return values;
    }

    void restore() throws IOException {
        // The line goes before what it includes.
        conf.restore();
        own.restore();
    }
}
