package dev.rediswarden.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.rediswarden.check.Report;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A report as a table of fixed columns, the remedy below the check that needs it. */
public record ReportTable(String verdict, List<Row> rows) {

    /** One check. */
    record Row(String name, String status, String detail, Optional<String> remedy) {}

    public static ReportTable of(Report report) {
        List<Row> rows = report.results().stream()
                .map(result -> new Row(
                        report.key(result),
                        result.status().word(),
                        result.verdict().detail(),
                        result.verdict().remedy()))
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
                        Optional.ofNullable(result.get("remedy")).map(ReportTable::line)));
            }
            return new ReportTable(line(health.get("status")), rows);
        } catch (JsonParseException
                | IllegalStateException
                | NullPointerException
                | ClassCastException
                | UnsupportedOperationException e) {
            throw new IOException("the answer is no health document", e);
        }
    }

    private static String line(JsonElement element) {
        return Untrusted.line(element.getAsString());
    }

    /** The verdict and each check's status, without what differs from one look to the next though nothing has changed. */
    public String standing() {
        StringBuilder out = new StringBuilder(verdict);
        rows.forEach(row -> out.append('\n').append(row.name()).append(' ').append(row.status()));
        return out.toString();
    }

    /** The table, ending in a newline. */
    public String text() {
        int width = rows.stream().mapToInt(row -> row.name().length()).max().orElse(0);
        StringBuilder out = new StringBuilder(verdict).append("\n\n");
        for (Row row : rows) {
            String name = String.format(Locale.ROOT, "%-" + Math.max(width, 1) + "s", row.name());
            out.append(String.format(Locale.ROOT, "%s  %-9s  %s%n", name, row.status(), row.detail()));
            row.remedy()
                    .ifPresent(command -> out.append(" ".repeat(width + 13))
                            .append("mend with: ")
                            .append(command)
                            .append('\n'));
        }
        return out.toString();
    }
}
