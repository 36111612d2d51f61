package dev.rediswarden.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rediswarden.check.Alike;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A report as a table of fixed columns, the remedy below the check that needs it. */
public record ReportTable(String verdict, List<Row> rows) {

    /**
     * One check.
     *
     * @param since when its status became what it is, to the second; empty where nobody has looked before
     */
    record Row(String name, String status, String detail, Optional<String> remedy, Optional<Instant> since) {

        /** A word that this version does not know is no reason to be quiet about it. */
        Status rank() {
            return Stream.of(Status.values())
                    .filter(known -> known.word().equals(status))
                    .findFirst()
                    .orElse(Status.UNKNOWN);
        }

        /** What is well says of itself why. */
        Object said() {
            return rank().compareTo(Status.OK) <= 0 ? this : List.of(status, detail, remedy);
        }
    }

    public static ReportTable of(Report report) {
        List<Row> rows = report.results().stream()
                .map(result -> new Row(
                        report.key(result),
                        result.status().word(),
                        result.verdict().detail(),
                        result.verdict().remedy(),
                        Optional.empty()))
                .toList();
        return new ReportTable(report.health().word(), rows);
    }

    /**
     * Reads the health document; whoever listens there may have sent it, so that nothing reaches the terminal as it is.
     *
     * @throws IOException where it is none
     */
    public static ReportTable of(String json) throws IOException {
        try {
            JsonObject health = JsonParser.parseString(json).getAsJsonObject();
            List<Row> rows = new ArrayList<>();
            for (Map.Entry<String, JsonElement> check :
                    health.getAsJsonObject("checks").entrySet()) {
                JsonObject result = check.getValue().getAsJsonObject();
                rows.add(new Row(
                        Untrusted.line(check.getKey()),
                        line(result.get("status")),
                        line(result.get("detail")),
                        Optional.ofNullable(result.get("remedy")).map(ReportTable::line),
                        Optional.ofNullable(result.get("since")).map(ReportTable::instant)));
            }
            return new ReportTable(line(health.get("status")), rows);
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | DateTimeParseException
                | UnsupportedOperationException e) {
            throw new IOException("the answer is no health document", e);
        }
    }

    private static String line(JsonElement element) {
        return Untrusted.line(element.getAsString());
    }

    private static Instant instant(JsonElement element) {
        return Instant.parse(element.getAsString()).truncatedTo(ChronoUnit.SECONDS);
    }

    /** The verdict and each check's status, without what differs from one look to the next though nothing has changed. */
    public String standing() {
        StringBuilder out = new StringBuilder(verdict);
        rows.forEach(row -> out.append('\n').append(row.name()).append(' ').append(row.status()));
        return out.toString();
    }

    /** The table, the worst first, ending in a newline. Those of which the same is to be said are one row. */
    public String text() {
        List<Row> shown = Alike.groups(rows, Row::rank, Row::said).stream()
                .map(ReportTable::one)
                .toList();
        int width = shown.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        boolean dated = rows.stream().anyMatch(row -> row.since().isPresent());
        StringBuilder out = new StringBuilder(verdict).append("\n\n");
        for (Row row : shown) {
            String name = String.format(Locale.ROOT, "%-" + Math.max(width, 1) + "s", row.name());
            String since = dated
                    ? String.format(
                            Locale.ROOT,
                            "%-20s  ",
                            row.since().map(Instant::toString).orElse(""))
                    : "";
            out.append(String.format(Locale.ROOT, "%s  %-9s  %s%s%n", name, row.status(), since, row.detail()));
            row.remedy()
                    .ifPresent(command -> out.append(" ".repeat(width + 13 + since.length()))
                            .append("mend with: ")
                            .append(command)
                            .append('\n'));
        }
        return out.toString();
    }

    /** They are as they are since the last of them is. */
    private static Row one(List<Row> alike) {
        Row first = alike.get(0);
        if (alike.size() == 1) {
            return first;
        }
        List<Row> others = alike.subList(1, alike.size());
        String names = others.stream()
                .map(Row::name)
                .collect(Collectors.joining(", ", "; the same of " + others.size() + " more: ", ""));
        Optional<Instant> since =
                alike.stream().flatMap(row -> row.since().stream()).max(Comparator.naturalOrder());
        return new Row(first.name(), first.status(), first.detail() + names, first.remedy(), since);
    }
}
