package dev.rediswarden.json;

import com.google.gson.stream.JsonWriter;
import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Finding;
import dev.rediswarden.check.Kind;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Verdict;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Writes a report as pretty-printed JSON that ends in a newline: {@code {"status", "timestamp", "version": {"build",
 * "git_sha"}, "checks": {NAME: {"kind"?, "status", "detail", "remedy"?, "latency_ms"?, "since", "findings"?}}}}. Times are RFC
 * 3339 in UTC; {@code findings} is there where a check found more than one thing.
 */
public record ReportJson(Build build) {

    public String report(Report report) {
        return write(json -> {
            json.beginObject();
            json.name("status").value(report.health().word());
            json.name("timestamp")
                    .value(report.snapshot()
                            .takenAt()
                            .truncatedTo(ChronoUnit.MILLIS)
                            .toString());
            json.name("version").beginObject();
            json.name("build").value(build.version());
            json.name("git_sha").value(build.gitSha());
            json.endObject();
            json.name("checks").beginObject();
            for (CheckResult result : report.results()) {
                json.name(report.key(result));
                write(json, result);
            }
            json.endObject();
            json.endObject();
        });
    }

    /** One check alone: the object that is its value in the whole report. */
    public String check(CheckResult result) {
        return write(json -> write(json, result));
    }

    private static void write(JsonWriter json, CheckResult result) throws IOException {
        Verdict verdict = result.verdict();
        json.beginObject();
        if (result.kind() != Kind.REDIS) {
            json.name("kind").value(result.kind().word());
        }
        json.name("status").value(result.status().word());
        json.name("detail").value(verdict.detail());
        optional(json, "remedy", verdict.remedy());
        if (verdict.latency().isPresent()) {
            json.name("latency_ms").value(milliseconds(verdict.latency().get()));
        }
        json.name("since").value(result.since().truncatedTo(ChronoUnit.MILLIS).toString());
        if (verdict.findings().size() > 1) {
            json.name("findings").beginArray();
            for (Finding finding : verdict.findings()) {
                write(json, finding);
            }
            json.endArray();
        }
        json.endObject();
    }

    private static void write(JsonWriter json, Finding finding) throws IOException {
        json.beginObject();
        json.name("status").value(finding.status().word());
        json.name("detail").value(finding.detail());
        optional(json, "remedy", Optional.of(finding.remedy()).filter(command -> !command.isEmpty()));
        json.endObject();
    }

    private static void optional(JsonWriter json, String name, Optional<String> value) throws IOException {
        if (value.isPresent()) {
            json.name(name).value(value.get());
        }
    }

    /** Rounded to microseconds. */
    private static double milliseconds(Duration duration) {
        return Math.round(duration.toNanos() / 1e3) / 1e3;
    }

    private interface Body {
        void write(JsonWriter json) throws IOException;
    }

    private static String write(Body body) {
        StringWriter out = new StringWriter(2048);
        try {
            JsonWriter json = new JsonWriter(out);
            json.setIndent("  ");
            body.write(json);
            json.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail to be written
        }
        return out.append('\n').toString();
    }
}
