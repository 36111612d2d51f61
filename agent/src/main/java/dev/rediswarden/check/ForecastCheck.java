package dev.rediswarden.check;

import dev.rediswarden.snapshot.Forecast;
import dev.rediswarden.snapshot.Forecast.Trend;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Nothing runs out within a day, at the rate of the last hours.
 *
 * @param soon what is nearer than this is degraded
 */
record ForecastCheck(Duration soon) implements Check {

    static final Duration DAY = Duration.ofHours(24);

    @Override
    public String name() {
        return "forecast";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        return instance.forecast().fold(forecast -> judge(forecast, instance), ForecastCheck::notRead);
    }

    private static Verdict notRead(Reading.Unknown<Forecast> unknown) {
        return unknown.cause() == Cause.NOT_READ
                ? Verdict.off(unknown.detail())
                : Verdict.of(Finding.unknown(
                        "the history is not known (" + unknown.detail() + ")",
                        "what runs out is not known",
                        "sudo ls -l /var/lib/redis-warden/history"));
    }

    private Verdict judge(Forecast forecast, InstanceState instance) {
        if (!forecast.enough()) {
            return Verdict.off("there are not two hours of history yet to draw a forecast from");
        }
        List<Finding> findings = new ArrayList<>();
        forecast.memory()
                .filter(trend -> isSoon(trend) && !evictsByDesign(instance))
                .map(trend -> memory(trend, Commands.of(instance)))
                .ifPresent(findings::add);
        forecast.disk()
                .filter(this::isSoon)
                .map(trend -> disk(trend, directory(instance)))
                .ifPresent(findings::add);
        return Verdict.of(findings, allWell(forecast));
    }

    private boolean isSoon(Trend trend) {
        return trend.left().compareTo(soon) < 0;
    }

    /** A cache that may evict any key is full as a rule. */
    private static boolean evictsByDesign(InstanceState instance) {
        return instance.server()
                .optional()
                .map(ServerState::info)
                .flatMap(info -> info.text("maxmemory_policy"))
                .filter(policy -> policy.startsWith("allkeys-"))
                .isPresent();
    }

    private static Finding memory(Trend trend, Commands commands) {
        return Finding.degraded(
                "used_memory reaches maxmemory in " + left(trend) + " at the present rate, " + rate(trend),
                "then keys are evicted, or writes refused",
                commands.cli() + " --memkeys # shows what is large, for who writes it to give it a time to live");
    }

    private static Finding disk(Trend trend, String directory) {
        return Finding.degraded(
                "the disk of " + directory + " is full in " + left(trend) + " at the present rate, " + rate(trend),
                "then nothing can be saved, and every write is refused",
                "df -h " + Commands.word(directory) + "; sudo du -xh --max-depth=2 /var | sort -h | tail");
    }

    private static String directory(InstanceState instance) {
        return instance.files().optional().map(look -> look.files().directory()).orElse("/var/lib/redis");
    }

    private static String allWell(Forecast forecast) {
        Optional<String> memory =
                forecast.memory().map(trend -> "used_memory reaches maxmemory in " + left(trend) + ", " + rate(trend));
        Optional<String> disk = forecast.disk().map(trend -> "the disk is full in " + left(trend) + ", " + rate(trend));
        return memory.isEmpty() && disk.isEmpty()
                ? "neither memory nor disk is running out"
                : memory.orElse("memory is not running out") + "; " + disk.orElse("nor is the disk");
    }

    private static String rate(Trend trend) {
        return Bytes.text((long) trend.perHour()) + " an hour over the last "
                + Math.max(1, trend.over().toHours()) + " h";
    }

    /** As exact as it can be told: {@code about 7 h}. */
    private static String left(Trend trend) {
        Duration left = trend.left();
        if (left.toMinutes() < 60) {
            return "about " + Math.max(1, left.toMinutes()) + " min";
        }
        return left.toHours() < 48 ? "about " + left.toHours() + " h" : "about " + left.toDays() + " d";
    }
}
