package dev.rediswarden.config;

import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/**
 * One thing wrong with the configuration.
 *
 * @param line in the file, 0 where it concerns the file as a whole
 * @param key with its table: {@code redis.main.timeout}; empty for a syntax error
 * @param rule what is expected
 * @param value what was found; secrets masked
 */
public record Problem(String file, int line, String key, String rule, String value) {

    private static final String DENIED = "this user may not read it; try again with sudo";

    /** A file, or a directory, as a whole. */
    static Problem unreadable(Path path, Exception why) {
        String rule = why instanceof AccessDeniedException ? DENIED : "cannot be read: " + why;
        return new Problem(path.toString(), 0, "", rule, "");
    }

    boolean isDenied() {
        return rule.equals(DENIED);
    }

    /** For where more than the operator's terminal and journal show it: a value in the wrong place may be a secret. */
    Problem withoutValue() {
        return new Problem(file, line, key, rule, "");
    }

    /** {@code FILE:LINE: KEY must …, not VALUE}. */
    @Override
    public String toString() {
        String where = line > 0 ? file + ":" + line : file;
        String what = key.isEmpty() ? rule : key + " " + rule;
        return where + ": " + what + (value.isEmpty() ? "" : ", not " + value);
    }
}
