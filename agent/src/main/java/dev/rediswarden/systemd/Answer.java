package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Reading.Cause;
import java.util.ArrayList;
import java.util.List;
import org.freedesktop.dbus.types.Variant;

/**
 * A reply's values, or the error that came instead.
 *
 * @param sender the unique name of who answered
 * @param errorName a D-Bus error name; empty for a proper reply
 */
record Answer(String sender, String errorName, List<Object> values) {

    /** A proper reply, be it without a value. */
    void confirm() throws BusException {
        if (!errorName.isEmpty()) {
            throw BusException.ofError(errorName, values.isEmpty() ? "" : String.valueOf(values.get(0)));
        }
    }

    /** Whether the other side answered that there is no such thing, rather than that it could not be asked. */
    boolean isOfNothing() {
        return !errorName.isEmpty()
                && switch (BusException.causeOf(errorName)) {
                    case UNAVAILABLE, TIMEOUT, DENIED -> false;
                    default -> true;
                };
    }

    /** The one value of the reply; a variant is unwrapped. */
    Object value() throws BusException {
        confirm();
        if (values.isEmpty()) {
            throw new BusException(Cause.FAILED, "the reply has no value");
        }
        Object value = values.get(0);
        return value instanceof Variant<?> variant ? variant.getValue() : value;
    }

    String text() throws BusException {
        return as(String.class);
    }

    long number() throws BusException {
        return as(Number.class).longValue();
    }

    boolean truth() throws BusException {
        return as(Boolean.class);
    }

    List<String> names() throws BusException {
        List<String> names = new ArrayList<>();
        for (Object name : as(List.class)) {
            names.add(String.valueOf(name));
        }
        return names;
    }

    /** The value where it has the expected type: systemd's types are an API, but the other side may be anybody. */
    <T> T as(Class<T> type) throws BusException {
        Object value = value();
        if (!type.isInstance(value)) {
            throw new BusException(Cause.FAILED, "the reply is not a " + type.getSimpleName());
        }
        return type.cast(value);
    }
}
