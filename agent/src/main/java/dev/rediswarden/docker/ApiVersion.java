package dev.rediswarden.docker;

import dev.rediswarden.docker.EngineClient.Failed;
import dev.rediswarden.snapshot.Reading.Cause;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of the Engine API that questions are asked in: that of Docker 20.10, which has all that is asked for, or
 * the nearest to it that the engine speaks.
 *
 * @param prefix of a question's path: {@code /v1.41}; empty for the engine's own newest
 */
record ApiVersion(String prefix) {

    static final ApiVersion NONE = new ApiVersion("");

    private static final int WISHED = 41;

    /** Docker 1.13: before it nothing tells of networks' other services, and filters had another form. */
    private static final int LEAST = 25;

    private static final Pattern FORM = Pattern.compile("1\\.(\\d{1,4})");

    /** @param said what the engine answers to {@code /version} */
    static ApiVersion of(Json said) throws Failed {
        Optional<Integer> newest = minor(said, "ApiVersion");
        if (newest.isEmpty()) {
            return NONE;
        }
        if (newest.get() < LEAST) {
            throw new Failed(
                    Cause.UNSUPPORTED,
                    "the engine speaks version 1." + newest.get() + " of Docker's API, and 1." + LEAST
                            + " (Docker 1.13) is the oldest that tells enough of services");
        }
        int oldest = minor(said, "MinAPIVersion").orElse(LEAST);
        return new ApiVersion("/v1." + Math.min(newest.get(), Math.max(oldest, WISHED)));
    }

    private static Optional<Integer> minor(Json said, String field) {
        return said.text(field)
                .map(FORM::matcher)
                .filter(Matcher::matches)
                .map(matcher -> Integer.parseInt(matcher.group(1)));
    }
}
