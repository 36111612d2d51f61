package dev.rediswarden.history;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Forecast;
import dev.rediswarden.snapshot.Forecast.Trend;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Draws from the last week what runs out, and when.
 *
 * @param server what it says now: its limit, and since when it runs, as a restart makes memory begin anew
 */
public record ForecastProbe(String redis, History history, Supplier<Reading<ServerState>> server, InstantSource clock)
        implements Probe<Forecast> {

    /** A step of the history is as long; more often there is nothing new. */
    public static final Duration EVERY = Duration.ofMinutes(10);

    private static final Duration WEEK = Duration.ofDays(7);

    @Override
    public String name() {
        return "the forecast of " + redis;
    }

    @Override
    public Reading<Forecast> read() {
        List<Series> all =
                history.series(redis, List.of(Metric.MEMORY_USED, Metric.DISK_FREE), Range.MONTH, Range.MONTH.points());
        if (all.isEmpty()) {
            return Reading.unknown(Reading.Cause.NOT_READ, "no history is kept here");
        }
        Series used = all.get(0);
        double[] memory =
                server.get().optional().map(state -> room(state.info(), used)).orElse(new double[0]);
        double[] disk = week(all.get(1));
        boolean enough = Decline.known(memory) >= Decline.FEWEST || Decline.known(disk) >= Decline.FEWEST;
        Optional<Trend> ofMemory = Decline.of(memory, used.step());
        Optional<Trend> ofDisk = Decline.of(disk, used.step());
        return Reading.known(new Forecast(enough, ofMemory, ofDisk));
    }

    /** What was left to today's limit since the server was started; nothing where it has no limit. */
    private double[] room(Fields info, Series used) {
        long max = info.number("maxmemory").orElse(0);
        if (max <= 0) {
            return new double[0];
        }
        long started = clock.instant().getEpochSecond()
                - info.number("uptime_in_seconds").orElse(WEEK.toSeconds());
        double[] room = week(used);
        for (int i = 0; i < room.length; i++) {
            boolean before = used.at(used.size() - room.length + i) < started;
            room[i] = before ? Double.NaN : max - room[i];
        }
        return room;
    }

    private static double[] week(Series series) {
        double[] values = new double[(int) Math.min(series.size(), WEEK.dividedBy(series.step()))];
        Arrays.setAll(values, i -> series.average(series.size() - values.length + i));
        return values;
    }
}
