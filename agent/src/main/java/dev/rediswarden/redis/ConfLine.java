package dev.rediswarden.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of redis.conf split into words, by the rules of Redis's own {@code sdssplitargs}: blanks separate,
 * {@code "…"} knows {@code \xHH \n \r \t \b \a} and {@code \c} for any other c, {@code '…'} knows only {@code \'}.
 */
final class ConfLine {

    private final String line;
    private int at;

    private ConfLine(String line) {
        this.line = line;
    }

    /**
     * The words of a line, none for a blank one.
     *
     * @param line the file's bytes as ISO 8859-1 characters, since an escape may name any byte; the words are UTF-8
     * @return empty for unbalanced quotes, which the server refuses to start with
     */
    static Optional<List<String>> split(String line) {
        return new ConfLine(line).words();
    }

    private Optional<List<String>> words() {
        List<String> words = new ArrayList<>();
        while (true) {
            while (at < line.length() && isBlank(line.charAt(at))) {
                at++;
            }
            if (at == line.length()) {
                return Optional.of(words);
            }
            StringBuilder word = new StringBuilder();
            if (!read(word)) {
                return Optional.empty();
            }
            words.add(new String(word.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
        }
    }

    /** One word; a quote may open in the middle of it, and ends it where it closes. False for unbalanced quotes. */
    private boolean read(StringBuilder word) {
        while (at < line.length() && !isBlank(line.charAt(at))) {
            char c = line.charAt(at++);
            if (c == '"' || c == '\'') {
                return quoted(c, word) && (at == line.length() || isBlank(line.charAt(at)));
            }
            word.append(c);
        }
        return true;
    }

    private boolean quoted(char quote, StringBuilder word) {
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == quote) {
                return true;
            }
            if (c == '\\' && at < line.length() && (quote == '"' || line.charAt(at) == '\'')) {
                word.append(escaped());
            } else {
                word.append(c);
            }
        }
        return false;
    }

    private char escaped() {
        char c = line.charAt(at++);
        if (c == 'x' && at + 1 < line.length()) {
            int high = Character.digit(line.charAt(at), 16);
            int low = Character.digit(line.charAt(at + 1), 16);
            if (high >= 0 && low >= 0) {
                at += 2;
                return (char) (high * 16 + low);
            }
        }
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> '\007';
            default -> c;
        };
    }

    private static boolean isBlank(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }
}
