package dev.rediswarden.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** A day as it may have been: memory that fills, an hour of nothing, and twenty minutes in which Redis was down. */
public final class GivenHistory {

    private static final long START = 1_767_236_400;

    private GivenHistory() {}

    public static History ofADay() {
        return (redis, metrics, range, atMost) ->
                metrics.stream().map(GivenHistory::series).toList();
    }

    private static Series series(Metric metric) {
        DoubleUnaryOperator value =
                switch (metric) {
                    case MEMORY_USED -> t -> (100 + 300 * t + 20 * Math.sin(90 * t)) * (1 << 20);
                    case MEMORY_MAX -> t -> 512 * (1 << 20);
                    case HEALTH -> t -> t > 0.7 && t < 0.714 ? 2 : t > 0.3 && t < 0.35 ? 1 : 0;
                    case PING_P99 -> t -> 0.0002 + (t > 0.3 && t < 0.35 ? 0.03 : 0.0001 * Math.sin(200 * t));
                    case QUEUE_LENGTH -> t -> Math.max(0, 40 * Math.sin(20 * t));
                    case EVICTIONS -> t -> 0;
                    default -> t -> 200 + 100 * Math.sin(30 * t);
                };
        Series series = new Series(metric, Duration.ofMinutes(10), START, 144);
        for (int i = 0; i < 144; i++) {
            double t = i / 144.0;
            if (t < 0.5 || t > 0.54) {
                float at = (float) value.applyAsDouble(t);
                series.add(START + i * 600L, at, at * 0.9f, at * 1.1f);
            }
        }
        return series;
    }

    public static Events someEvents() {
        List<Event> events = List.of(
                new Event(Instant.ofEpochSecond(START + 80_000), Event.Kind.STATUS, "main", "ping", "unhealthy → ok"),
                new Event(Instant.ofEpochSecond(START), Event.Kind.DEPLOY, "", "acme", "ref v1.2 <b>&\"'"));
        return (from, atMost) -> events;
    }
}
