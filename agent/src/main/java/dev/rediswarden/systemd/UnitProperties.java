package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.SiteUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/** What systemd answers about one unit that a rule is for (org.freedesktop.systemd1.Unit). */
record UnitProperties(Map<?, ?> values) {

    /** Of a unit that went away since its name was read; any other error is none of the unit's. */
    private static final Set<String> GONE =
            Set.of("org.freedesktop.systemd1.NoSuchUnit", "org.freedesktop.DBus.Error.UnknownObject");

    private static final List<String> PROPERTIES = List.of(
            "Id",
            "FragmentPath",
            "LoadState",
            "ActiveState",
            "After",
            "Wants",
            "Requires",
            "Requisite",
            "BindsTo",
            "DropInPaths",
            "NeedDaemonReload");

    /**
     * For each property where the unit is loaded, as some of the others make systemd search its directories. Where it
     * is not, in one question: systemd loads it for the question, and forgets it after.
     *
     * @param path the unit's object
     */
    static List<Call> questions(String path, boolean loaded) {
        return loaded
                ? PROPERTIES.stream()
                        .map(property -> Systemd.ofUnit(path, property))
                        .toList()
                : List.of(Systemd.allOfUnit(path));
    }

    /** Of the next answers, as many as were asked for; empty where systemd does not know the unit. */
    static Optional<UnitProperties> next(Iterator<Answer> answers, boolean loaded) throws BusException {
        if (!loaded) {
            Answer all = answers.next();
            return isKnown(all) ? Optional.of(new UnitProperties(all.as(Map.class))) : Optional.empty();
        }
        Map<String, Object> values = new HashMap<>();
        boolean known = true;
        for (String property : PROPERTIES) {
            Answer answer = answers.next();
            known = known && isKnown(answer);
            if (known) {
                values.put(property, answer.value());
            }
        }
        return known ? Optional.of(new UnitProperties(values)) : Optional.empty();
    }

    private static boolean isKnown(Answer answer) {
        return !GONE.contains(answer.errorName());
    }

    /** @param name a template's own, or empty for what systemd calls it */
    SiteUnit unit(String name, OrderRule rule) {
        List<String> requires = new ArrayList<>(names("Requires"));
        requires.addAll(names("Requisite"));
        requires.addAll(names("BindsTo"));
        return new SiteUnit(
                name.isEmpty() ? text("Id") : name,
                rule,
                text("FragmentPath"),
                text("LoadState"),
                text("ActiveState"),
                names("After"),
                names("Wants"),
                requires,
                names("DropInPaths"),
                truth("NeedDaemonReload"));
    }

    private @Nullable Object value(String name) {
        Object value = values.get(name);
        return value instanceof Variant<?> variant ? variant.getValue() : value;
    }

    private String text(String name) {
        Object value = value(name);
        return value == null ? "" : String.valueOf(value);
    }

    private List<String> names(String name) {
        return value(name) instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    private boolean truth(String name) {
        return Boolean.TRUE.equals(value(name));
    }
}
