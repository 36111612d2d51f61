package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of an append-only manifest: {@code file NAME seq N type b|i|h}, by keys of any order, those of versions to come
 * among them. A name is quoted as sdscatrepr does it, where it needs to be.
 *
 * @param type {@link #NONE} where the line says something else
 */
record ManifestLine(String name, long sequence, char type) {

    static final char NONE = '-';

    private static final ManifestLine GARBLED = new ManifestLine("", 0, NONE);

    /** MANIFEST_MAX_LINE of aof.c. */
    private static final int LONGEST = 1024;

    private static final Pattern WORD = Pattern.compile(
            "[ \\t\\r]*(?:\"([^\"\\\\]*(?:\\\\.[^\"\\\\]*)*)\"|([^\\s\"'\\x00]+))(?=[ \\t\\r]|$)", Pattern.DOTALL);

    private static final Pattern ESCAPE = Pattern.compile("\\\\(?:x([0-9a-fA-F]{2})|(.))", Pattern.DOTALL);
    private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,17}");
    private static final Pattern NO_NAME = Pattern.compile("|\\.\\.?|.*[/\\\\\\x00].*", Pattern.DOTALL);

    /** @param line without its end, the file's bytes as ISO 8859-1 characters, since an escape may name any byte */
    static ManifestLine of(String line) {
        List<String> words = line.length() < LONGEST ? words(line) : List.of();
        if (words.size() < 6 || words.size() % 2 != 0) {
            return GARBLED;
        }
        String name = "";
        String sequence = "";
        String type = "";
        for (int i = 0; i < words.size(); i += 2) {
            switch (words.get(i).toLowerCase(Locale.ROOT)) {
                case "file" -> name = words.get(i + 1);
                case "seq" -> sequence = words.get(i + 1);
                case "type" -> type = words.get(i + 1);
                default -> {}
            }
        }
        return NO_NAME.matcher(name).matches() || !NUMBER.matcher(sequence).matches() || !type.matches("[bih]")
                ? GARBLED
                : new ManifestLine(name, Long.parseLong(sequence), type.charAt(0));
    }

    /** None where not the whole line is words. */
    private static List<String> words(String line) {
        String text = line.replaceFirst("[ \\t\\r]+$", "");
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(text);
        int at = 0;
        while (at < text.length() && matcher.region(at, text.length()).lookingAt()) {
            words.add(matcher.group(2) == null ? unquoted(matcher.group(1)) : utf8(matcher.group(2)));
            at = matcher.end();
        }
        return at == text.length() ? words : List.of();
    }

    private static String unquoted(String text) {
        return utf8(ESCAPE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        found.group(1) == null
                                ? meant(found.group(2))
                                : Character.toString((char) Integer.parseInt(found.group(1), 16)))));
    }

    private static String meant(String escaped) {
        return switch (escaped) {
            case "n" -> "\n";
            case "r" -> "\r";
            case "t" -> "\t";
            case "b" -> "\b";
            case "a" -> "\007";
            default -> escaped;
        };
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(ISO_8859_1), UTF_8);
    }
}
