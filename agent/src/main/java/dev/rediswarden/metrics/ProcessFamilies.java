package dev.rediswarden.metrics;

import dev.rediswarden.snapshot.OwnProcess;
import io.prometheus.metrics.model.snapshots.Labels;

/** What redis-warden takes of the host, under the names that Prometheus' clients have for it. */
final class ProcessFamilies {

    private ProcessFamilies() {}

    static void add(Samples samples, OwnProcess own) {
        samples.counter(
                "process_cpu_seconds_total", "User and system time of redis-warden", Labels.EMPTY, own.cpuSeconds());
        gauge(samples, "process_start_time_seconds", "When it started", (double)
                own.startedAt().getEpochSecond());
        gauge(samples, "process_resident_memory_bytes", "Its resident memory", (double) own.residentBytes());
        gauge(samples, "process_virtual_memory_bytes", "Its address space", (double) own.virtualBytes());
        gauge(samples, "process_open_fds", "Files and sockets that it has open", (double) own.openFiles());
        gauge(samples, "process_max_fds", "How many it may have open", (double) own.maxFiles());
        gauge(samples, "process_threads", "Its threads, Java's own included", (double) own.threads());
        heap(samples, "jvm_memory_used_bytes", "Memory of Java's heap that is taken", own.heapUsed());
        heap(samples, "jvm_memory_committed_bytes", "Memory that Java's heap has", own.heapCommitted());
        heap(samples, "jvm_memory_max_bytes", "Memory that Java's heap may have", own.heapMax());
    }

    private static void gauge(Samples samples, String name, String help, double value) {
        samples.gauge(name, help, Labels.EMPTY, value);
    }

    private static void heap(Samples samples, String name, String help, long bytes) {
        samples.gauge(name, help, Labels.of("area", "heap"), (double) bytes);
    }
}
