package dev.rediswarden.config;

import dev.rediswarden.snapshot.Untrusted;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** One table of the file: takes values out by their rules, notes what breaks one, and at the end what nobody asked for. */
final class Section {

    /** Turns a value's text into what it means. */
    interface Rule<T> {
        T parse(String text) throws RuleBroken;
    }

    private final String file;
    private final @Nullable TomlTable table;
    private final String prefix;
    private final List<Problem> problems;
    private final List<Config.Setting> settings;
    private final Set<String> known = new LinkedHashSet<>();

    /** @param table null for one that the file does not have: every value is then the default */
    Section(
            String file,
            @Nullable TomlTable table,
            String prefix,
            List<Problem> problems,
            List<Config.Setting> settings) {
        this.file = file;
        this.table = table;
        this.prefix = prefix;
        this.problems = problems;
        this.settings = settings;
    }

    /** The value, or the default where there is none or it breaks the rule (which is then noted). */
    <T> T value(String key, String byDefault, Rule<T> rule) {
        return optional(key, rule).orElseGet(() -> {
            if (raw(key) == null) {
                settings.add(new Config.Setting(prefix + key, byDefault, "default"));
            }
            try {
                return rule.parse(byDefault);
            } catch (RuleBroken e) {
                throw new IllegalStateException("the default of " + prefix + key + " " + e.rule(), e);
            }
        });
    }

    <T> Optional<T> optional(String key, Rule<T> rule) {
        known.add(key);
        Object raw = raw(key);
        if (raw == null) {
            return Optional.empty();
        }
        if (!(raw instanceof String text)) {
            problem(key, "must be a string in quotes", show(raw));
            return Optional.empty();
        }
        try {
            T value = rule.parse(text);
            settings.add(new Config.Setting(prefix + key, Untrusted.line(Secrets.mask(text)), file + ":" + line(key)));
            return Optional.of(value);
        } catch (RuleBroken e) {
            problem(key, e.rule(), '"' + Untrusted.line(Secrets.hide(key, text)) + '"');
            return Optional.empty();
        }
    }

    boolean has(String key) {
        return raw(key) != null;
    }

    boolean flag(String key, boolean byDefault) {
        known.add(key);
        Object raw = raw(key);
        if (raw != null && !(raw instanceof Boolean)) {
            problem(key, "must be true or false, without quotes", show(raw));
        }
        boolean value = raw instanceof Boolean given ? given : byDefault;
        settings.add(new Config.Setting(
                prefix + key, String.valueOf(value), raw == null ? "default" : file + ":" + line(key)));
        return value;
    }

    /** The strings of an array that keep the rule; none where there is no such array. */
    <T> List<T> list(String key, Rule<T> rule) {
        return list(key, rule, List::toString);
    }

    /** @param shown of a list that may hold a secret */
    <T> List<T> list(String key, Rule<T> rule, Function<List<T>, String> shown) {
        known.add(key);
        Object raw = raw(key);
        List<Object> items = raw instanceof TomlArray array ? array.toList() : List.of();
        if (raw != null && !(raw instanceof TomlArray)) {
            problem(key, "must be an array of strings, [\"…\"]", show(raw));
        }
        List<T> values = new ArrayList<>();
        for (Object item : items) {
            if (!(item instanceof String text)) {
                problem(key, "must hold strings in quotes alone", show(item));
                continue;
            }
            try {
                values.add(rule.parse(text));
            } catch (RuleBroken e) {
                problem(key, e.rule(), '"' + Untrusted.line(Secrets.hide(text)) + '"');
            }
        }
        settings.add(new Config.Setting(
                prefix + key, shown.apply(values), raw == null ? "default" : file + ":" + line(key)));
        return values;
    }

    /** Not given, or with nothing in it. */
    boolean isEmptyList(String key) {
        return !(raw(key) instanceof TomlArray array) || array.isEmpty();
    }

    /** The table of that name; an empty one where there is none. */
    Optional<Section> section(String key) {
        known.add(key);
        Object raw = raw(key);
        if (raw == null) {
            return Optional.empty();
        }
        if (!(raw instanceof TomlTable inner)) {
            problem(key, "must be a table, [" + prefix + key + "]", show(raw));
            return Optional.empty();
        }
        return Optional.of(new Section(file, inner, prefix + key + ".", problems, settings));
    }

    /** The same, where what an empty one means is to be told as well. */
    Section table(String key) {
        return section(key).orElseGet(() -> new Section(file, null, prefix + key + ".", problems, settings));
    }

    /** The tables of an array of tables, {@code [[key]]}. */
    List<TomlTable> tables(String key) {
        known.add(key);
        Object raw = raw(key);
        List<TomlTable> tables = new ArrayList<>();
        if (raw instanceof TomlArray array && array.toList().stream().allMatch(TomlTable.class::isInstance)) {
            array.toList().forEach(item -> tables.add((TomlTable) item));
        } else if (raw != null) {
            problem(key, "must be an array of tables, [[" + prefix + key + "]]", show(raw));
        }
        return tables;
    }

    Section named(TomlTable inner, String key) {
        return new Section(file, inner, prefix + key + ".", problems, settings);
    }

    /** Notes every key that was not asked for: a typing error must not be a silent default. */
    void rejectUnknown() {
        for (String key : table == null ? Set.<String>of() : table.keySet()) {
            if (!known.contains(key)) {
                String meant = Nearest.to(key, known)
                        .map(name -> "did you mean " + name + "? ")
                        .orElse("");
                problem(key, "is not known; " + meant + "known here: " + String.join(", ", known), "");
            }
        }
    }

    /** Notes a key that counts for nothing here, where it is given. */
    void refuse(String key, String rule) {
        known.add(key);
        if (has(key)) {
            problem(key, rule, "");
        }
    }

    void problem(String key, String rule, String value) {
        problems.add(new Problem(file, line(key), prefix + Untrusted.line(Secrets.hide(key)), rule, value));
    }

    private @Nullable Object raw(String key) {
        return table == null ? null : table.get(List.of(key));
    }

    private int line(String key) {
        @Nullable TomlPosition position = table == null ? null : table.inputPositionOf(List.of(key));
        return position != null ? position.line() : firstLine();
    }

    /** Where the table begins, for a key that it lacks. */
    private int firstLine() {
        TomlTable lines = table;
        return lines == null
                ? 0
                : lines.keySet().stream()
                        .map(key -> lines.inputPositionOf(List.of(key)))
                        .filter(Objects::nonNull)
                        .mapToInt(TomlPosition::line)
                        .min()
                        .orElse(0);
    }

    private static String show(Object raw) {
        return raw instanceof TomlTable ? "a table" : raw instanceof TomlArray ? "an array" : raw.toString();
    }
}
