package dev.rediswarden.snapshot;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Named values as Redis writes them: a reply to INFO or CONFIG GET, or redis.conf as the server would load it. A field
 * that is missing or not a number is empty, never 0.
 */
public record Fields(Map<String, String> values) {

    public Fields {
        TreeMap<String, String> clean = new TreeMap<>();
        values.forEach((name, value) -> clean.put(Untrusted.line(name), Untrusted.line(value)));
        values = Collections.unmodifiableMap(clean);
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
