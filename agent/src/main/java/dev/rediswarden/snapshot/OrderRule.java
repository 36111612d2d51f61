package dev.rediswarden.snapshot;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Which units of the site need Redis, and how.
 *
 * @param pattern a shell pattern over unit names, a backslash in it being one (fnmatch(3)): {@code *celery*.service}
 * @param program units whose ExecStart runs a program of this name are meant too: {@code celery}; empty for by name alone
 * @param after whether they start only once Redis has started
 * @param wants whether their start pulls Redis in
 * @param instance name of the instance that they need
 */
public record OrderRule(String pattern, String program, boolean after, boolean wants, String instance) {

    /**
     * Which unit names a pattern matches.
     *
     * @throws PatternSyntaxException where it is none
     */
    public static Predicate<String> matching(String pattern) {
        String expression = pattern.replace("\\", "\\\\")
                .replace(".", "\\.")
                .replace("*", ".*")
                .replace("?", ".")
                .replace("[!", "[^");
        return Pattern.compile(expression).asMatchPredicate();
    }
}
