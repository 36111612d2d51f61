package dev.rediswarden.json;

import com.google.gson.stream.JsonWriter;
import dev.rediswarden.history.Event;
import dev.rediswarden.history.Metric;
import dev.rediswarden.history.Range;
import dev.rediswarden.history.Series;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Writes what was as JSON in one line. Times of points are seconds since 1970, those of events RFC 3339 in UTC. */
public final class HistoryJson {

    /** A 32-bit float tells no more. */
    private static final MathContext DIGITS = new MathContext(6);

    private HistoryJson() {}

    /** {@code {"metrics":[{"name","unit"},…],"ranges":["1h",…],"redis":["main",…]}}. */
    public static String index(List<String> instances) {
        return write(json -> {
            json.beginObject();
            json.name("metrics").beginArray();
            for (Metric metric : Metric.all()) {
                json.beginObject();
                json.name("name").value(metric.key());
                json.name("unit").value(metric.unit());
                json.endObject();
            }
            json.endArray();
            json.name("ranges").beginArray();
            for (Range range : Range.values()) {
                json.value(range.word());
            }
            json.endArray();
            names(json.name("redis"), instances);
            json.endObject();
        });
    }

    /**
     * {@code {"metric","redis","unit","step_seconds","points":[[SECONDS, VALUE],…]}}; a value that is not known is null.
     *
     * @param value of each point
     */
    public static String series(String redis, Series series, IntToDoubleFunction value) {
        return write(json -> {
            json.beginObject();
            json.name("metric").value(series.metric().key());
            json.name("redis").value(redis);
            json.name("unit").value(series.metric().unit());
            json.name("step_seconds").value(series.step().toSeconds());
            json.name("points").beginArray();
            for (int i = 0; i < series.size(); i++) {
                json.beginArray();
                json.value(series.at(i));
                number(json, value.applyAsDouble(i));
                json.endArray();
            }
            json.endArray();
            json.endObject();
        });
    }

    private static void number(JsonWriter json, double value) throws IOException {
        if (!Double.isFinite(value)) {
            json.nullValue();
        } else if (Math.rint(value) == value) {
            json.value((long) value);
        } else {
            json.value(new BigDecimal(value).round(DIGITS));
        }
    }

    /** {@code {"events":[{"time","kind","redis"?,"subject"?,"text"},…]}}. */
    public static String events(List<Event> events) {
        return write(json -> {
            json.beginObject();
            json.name("events").beginArray();
            for (Event event : events) {
                json.beginObject();
                json.name("time").value(event.at().toString());
                json.name("kind").value(event.kind().word());
                if (!event.redis().isEmpty()) {
                    json.name("redis").value(event.redis());
                }
                if (!event.subject().isEmpty()) {
                    json.name("subject").value(event.subject());
                }
                json.name("text").value(event.text());
                json.endObject();
            }
            json.endArray();
            json.endObject();
        });
    }

    /** {@code {"error","known":[…]}}: what was wrong with a question, and what there is instead. */
    public static String error(String what, List<String> known) {
        return write(json -> {
            json.beginObject();
            json.name("error").value(what);
            names(json.name("known"), known);
            json.endObject();
        });
    }

    private static void names(JsonWriter json, List<String> names) throws IOException {
        json.beginArray();
        for (String name : names) {
            json.value(name);
        }
        json.endArray();
    }

    /** What goes into a document. */
    private interface Content {
        void write(JsonWriter json) throws IOException;
    }

    private static String write(Content content) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.setHtmlSafe(true);
            content.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }
}
