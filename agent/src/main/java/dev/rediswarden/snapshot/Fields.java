package dev.rediswarden.snapshot;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Named values as Redis writes them: a reply to INFO or CONFIG GET, or redis.conf as the server would load it. A field
 * that is missing or not a number is empty, never 0.
 */
public record Fields(Map<String, String> values) {

    /** A longer one is hardly the same twice. */
    private static final int SHARED = 8;

    /** Every server has the same names, and mostly the same short values: one copy of each is kept. */
    public Fields {
        Map<String, String> clean = new HashMap<>();
        values.forEach((name, value) -> clean.put(Untrusted.line(name).intern(), shared(Untrusted.line(value))));
        values = Map.copyOf(clean);
    }

    private static String shared(String value) {
        return value.length() > SHARED ? value : value.intern();
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    public boolean is(String name, String value) {
        return value.equals(values.get(name));
    }

    public OptionalLong number(String name) {
        String value = values.get(name);
        if (value == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(value));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    public OptionalDouble decimal(String name) {
        String value = values.get(name);
        if (value == null) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(value));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }
}
