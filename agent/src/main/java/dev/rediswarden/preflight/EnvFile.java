package dev.rediswarden.preflight;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A site's environment file. A value is taken where django-environ, python-dotenv and systemd's EnvironmentFile= read it
 * alike; where they do not, or a value is made of others, it is obscure, with the reason. Nothing is guessed.
 */
public final class EnvFile {

    /** What is said of one variable. */
    public sealed interface Value {}

    /** Its text, without quotes; empty for {@code NAME=}. */
    public record Text(String text) implements Value {

        /** A URL may hold a password. */
        @Override
        public String toString() {
            return "Text[***]";
        }
    }

    /** It is there, and what it means depends on who reads it; {@code why} goes on after the variable's name. */
    public record Obscure(String why) implements Value {}

    private static final Pattern ASSIGNMENT = Pattern.compile("(?:export )?([A-Za-z_][A-Za-z0-9_]*)=(.*)");

    /** What one of the readers at least takes for one. */
    private static final Pattern LIKE_ONE =
            Pattern.compile("\\W*(?:export\\s+)?[\"']?([A-Za-z_][A-Za-z0-9_]*)[\"']?\\s*=.*");

    private static final Pattern QUOTED = Pattern.compile("'([^'\"\\\\]*)'|\"([^'\"\\\\]*)\"");

    private final Map<String, Value> values = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();

    /** The line of a quote that does not end on it; 0 before one. */
    private int openQuote;

    private EnvFile() {}

    public static EnvFile parse(String text) {
        EnvFile file = new EnvFile();
        String[] all = text.split("\r\n|\r|\n", -1);
        boolean continued = false;
        for (int i = 0; i < all.length; i++) {
            file.read(all[i], i + 1, continued);
            continued = all[i].endsWith("\\");
        }
        return file;
    }

    /** Empty where the file has no such variable. */
    public Optional<Value> value(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private void read(String line, int number, boolean continued) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        Matcher assignment = ASSIGNMENT.matcher(line);
        Matcher likeOne = LIKE_ONE.matcher(line);
        String where = "(line " + number + ") ";
        if (openQuote > 0 && likeOne.matches()) {
            put(
                    likeOne.group(1),
                    number,
                    new Obscure(where + "stands after a quote that line " + openQuote + " opens"));
        } else if (continued && likeOne.matches()) {
            put(likeOne.group(1), number, new Obscure(where + "stands after a line that ends in a backslash"));
        } else if (assignment.matches()) {
            put(assignment.group(1), number, value(assignment.group(2), where));
            if (opensQuote(assignment.group(2))) {
                openQuote = number;
            }
        } else if (likeOne.matches()) {
            put(likeOne.group(1), number, new Obscure(where + "is not written NAME=VALUE, without blanks around"));
        }
    }

    private void put(String name, int number, Value value) {
        Value before = values.get(name);
        boolean differs = before != null && !before.equals(value);
        // django-environ has taken the first and the last of two, depending on its version.
        values.put(
                name,
                differs ? new Obscure("(line " + number + ") is set in line " + lines.get(name) + " as well") : value);
        lines.put(name, number);
    }

    private static Value value(String raw, String where) {
        boolean quoted = raw.startsWith("'") || raw.startsWith("\"");
        Matcher matcher = QUOTED.matcher(raw);
        if (quoted && !matcher.matches()) {
            return new Obscure(where + "has quotes or a backslash in its quotes, or something after them");
        }
        String text = !quoted ? raw : matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        if (text.contains("${") || text.startsWith("$")) {
            return new Obscure(where + "is made of another variable, which is not looked up");
        }
        if (text.chars().anyMatch(c -> Character.isISOControl(c) || c == '\ufffd')) {
            return new Obscure(where + "has characters in it that are no text");
        }
        if (!quoted && text.matches(".*[\\s'\"\\\\].*|#.*")) {
            return new Obscure(where + "has blanks, quotes, a backslash or a comment in it: put it in quotes");
        }
        return new Text(text);
    }

    private static boolean opensQuote(String raw) {
        return (raw.startsWith("'") || raw.startsWith("\"")) && raw.indexOf(raw.charAt(0), 1) < 0;
    }
}
