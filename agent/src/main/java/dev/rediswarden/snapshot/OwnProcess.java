package dev.rediswarden.snapshot;

import java.time.Instant;

/**
 * What redis-warden itself takes of the host (proc_pid_status(5), proc_pid_stat(5)).
 *
 * @param cpuSeconds of user and system since its start
 * @param residentBytes VmRSS
 * @param virtualBytes VmSize
 * @param openFiles descriptors that are open
 * @param maxFiles how many may be
 * @param heapUsed bytes of Java's heap that are taken, garbage included
 * @param heapCommitted bytes of it that the kernel was asked for
 * @param heapMax bytes that it may have
 */
public record OwnProcess(
        double cpuSeconds,
        Instant startedAt,
        long residentBytes,
        long virtualBytes,
        long threads,
        long openFiles,
        long maxFiles,
        long heapUsed,
        long heapCommitted,
        long heapMax) {}
