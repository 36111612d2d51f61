package dev.rediswarden.http;

import dev.rediswarden.check.Report;
import dev.rediswarden.history.Events;
import dev.rediswarden.history.History;
import dev.rediswarden.history.Metric;
import dev.rediswarden.history.Range;
import dev.rediswarden.history.Series;
import dev.rediswarden.json.HistoryJson;
import dev.rediswarden.snapshot.InstanceState;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * {@code /history} and {@code /events}: what was. The one answer that is not drawn from the latest report alone, and that
 * reads this host's own files for it.
 */
public record HistoryPaths(Supplier<Report> reports, History history, Events events, InstantSource clock) {

    private static final String JSON = "application/json";

    private static final int MOST_EVENTS = 500;

    private static final List<String> VALUES = List.of("avg", "min", "max");

    /** A question that names what there is not. */
    private static final class Unknown extends Exception {

        private static final long serialVersionUID = 1;

        private final transient List<String> known;

        Unknown(String message, List<String> known) {
            super(message);
            this.known = known;
        }
    }

    /** {@code ?metric=NAME&range=1h|24h|30d[&redis=NAME][&value=avg|min|max][&points=N]}; without any of them, what there is. */
    void history(Context request) {
        List<String> instances = instances();
        if (request.queryString() == null) {
            answer(request, HistoryJson.index(instances));
            return;
        }
        try {
            Metric metric = named(
                    request,
                    "metric",
                    Metric::of,
                    Metric.all().stream().map(Metric::key).toList());
            Range range = range(request, Range.DAY);
            String redis = request.queryParam("redis") == null && !instances.isEmpty()
                    ? instances.get(0)
                    : named(request, "redis", name -> one(name, instances), instances);
            String value =
                    request.queryParam("value") == null ? "avg" : named(request, "value", v -> one(v, VALUES), VALUES);
            int points = request.queryParam("points") == null
                    ? range.points()
                    : named(request, "points", HistoryPaths::count, List.of("1 to " + Range.DAY.points()));
            List<Series> found = history.series(redis, List.of(metric), range, points);
            if (found.isEmpty()) {
                refuse(request, 503, "no history is kept, or it cannot be read just now", List.of());
                return;
            }
            Series series = found.get(0);
            answer(
                    request,
                    HistoryJson.series(
                            redis,
                            series,
                            value.equals("min")
                                    ? series::least
                                    : value.equals("max") ? series::most : series::average));
        } catch (Unknown e) {
            refuse(request, 400, String.valueOf(e.getMessage()), e.known);
        }
    }

    /** {@code [?range=1h|24h|30d]}; without it all that there are, up to a bound. */
    void events(Context request) {
        try {
            Instant from = request.queryParam("range") == null
                    ? Instant.MIN
                    : clock.instant().minus(range(request, Range.MONTH).length());
            answer(request, HistoryJson.events(events.since(from, MOST_EVENTS)));
        } catch (Unknown e) {
            refuse(request, 400, String.valueOf(e.getMessage()), e.known);
        }
    }

    private List<String> instances() {
        return reports.get().snapshot().instances().stream()
                .map(InstanceState::name)
                .toList();
    }

    private static Range range(Context request, Range otherwise) throws Unknown {
        return request.queryParam("range") == null
                ? otherwise
                : named(
                        request,
                        "range",
                        Range::of,
                        Arrays.stream(Range.values()).map(Range::word).toList());
    }

    private static Optional<String> one(String name, List<String> known) {
        return known.contains(name) ? Optional.of(name) : Optional.empty();
    }

    private static Optional<Integer> count(String text) {
        return text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= Range.DAY.points()
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }

    private static <T> T named(
            Context request, String parameter, Function<String, Optional<T>> known, List<String> names) throws Unknown {
        String name = request.queryParam(parameter);
        if (name == null) {
            throw new Unknown(parameter + " is missing", names);
        }
        return known.apply(name).orElseThrow(() -> new Unknown("no such " + parameter, names));
    }

    private static void answer(Context request, String json) {
        request.contentType(JSON).result(json);
    }

    private static void refuse(Context request, int code, String what, List<String> known) {
        request.status(code).contentType(JSON).result(HistoryJson.error(what, known));
    }
}
