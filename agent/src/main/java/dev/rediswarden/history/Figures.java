package dev.rediswarden.history;

import dev.rediswarden.check.CheckResult;
import dev.rediswarden.check.Kind;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Queue;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The figures of one instance within the step that is under way: what was seen of its PINGs and its checks, and how it
 * stood last. Used by the cycle alone.
 */
final class Figures {

    private @Nullable Reading<Ping> ping;
    private @Nullable Reading<ServerState> server;
    private final Rates rates = new Rates();
    private double pings;
    private float slowest;
    private int answered;
    private int worst;

    /** Looks at a report: each second, and so without making anything anew. */
    @SuppressWarnings("ReferenceEquality")
    void observe(InstanceState instance, Report report) {
        if (instance.ping() != ping) {
            ping = instance.ping();
            if (ping instanceof Reading.Known<Ping> known && !known.value().isSilent()) {
                float seconds = known.value().latency().toNanos() / 1e9f;
                pings += seconds;
                slowest = Math.max(slowest, seconds);
                answered++;
            }
        }
        if (instance.server() != server) {
            server = instance.server();
            rates.observe(server);
        }
        for (CheckResult result : report.results()) {
            if (result.kind() == Kind.REDIS && result.instance().equals(instance.name())) {
                worst = Math.max(worst, weight(result.status()));
            }
        }
    }

    private static int weight(Status status) {
        return switch (status) {
            case OK, OFF -> 0;
            case UNKNOWN, DEGRADED -> 1;
            case UNHEALTHY -> 2;
        };
    }

    /** The values of the step that ends, in the order of the metrics; the next one begins. */
    float[] end(InstanceState instance) {
        float[] values = new float[Metric.all().size()];
        Arrays.fill(values, Float.NaN);
        if (answered > 0) {
            values[Metric.PING.place()] = (float) (pings / answered);
            values[Metric.PING_MAX.place()] = slowest;
        }
        values[Metric.HEALTH.place()] = worst;
        pings = 0;
        slowest = 0;
        answered = 0;
        worst = 0;
        if (instance.ping() instanceof Reading.Known<Ping> known) {
            known.value().p99().ifPresent(p99 -> values[Metric.PING_P99.place()] = p99.toNanos() / 1e9f);
        }
        // What a server said that does not answer any more is not how it is.
        if (!instance.isSilent() && instance.server() instanceof Reading.Known<ServerState> known) {
            server(values, known.value());
        }
        if (instance.files() instanceof Reading.Known<DataFiles.Look> look) {
            set(values, Metric.DISK_FREE, look.value().files().place().free());
        }
        return values;
    }

    private void server(float[] values, ServerState state) {
        Fields info = state.info();
        set(values, Metric.MEMORY_USED, info.number("used_memory"));
        set(values, Metric.MEMORY_RSS, info.number("used_memory_rss"));
        set(values, Metric.MEMORY_MAX, info.number("maxmemory"));
        set(values, Metric.CLIENTS, info.number("connected_clients"));
        values[Metric.COMMANDS.place()] = rates.commands();
        values[Metric.EVICTIONS.place()] = rates.evictions();
        values[Metric.HIT_RATE.place()] = rates.hitRate();
        state.inspection().keys().optional().ifPresent(keys -> {
            List<Queue> queues = keys.queues();
            long length = 0;
            long waiting = 0;
            for (Queue queue : queues) {
                length += queue.length();
                waiting += queue.waiting();
            }
            values[Metric.QUEUE_LENGTH.place()] = length;
            values[Metric.QUEUE_WAITING.place()] = waiting;
        });
    }

    private static void set(float[] values, Metric metric, OptionalLong value) {
        value.ifPresent(number -> values[metric.place()] = number);
    }
}
