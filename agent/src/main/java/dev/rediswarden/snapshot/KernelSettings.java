package dev.rediswarden.snapshot;

import java.util.List;

/**
 * Settings of the kernel that Redis stumbles over; one that could not be read is unknown by itself.
 *
 * @param overcommit {@code vm.overcommit_memory}: 0, 1 or 2 (proc_sys_vm(5))
 * @param hugepages when a process is given transparent huge pages: always, madvise or never
 * @param clocksource where the time comes from: {@code tsc}
 * @param clocksources the sources that the kernel offers, this one among them
 * @param somaxconn the longest queue of connections that a socket may have
 * @param available bytes that processes can still be given without swapping: {@code MemAvailable} (proc_meminfo(5))
 * @param oomKills processes that it has killed for lack of memory within the last ten minutes, of whoever's
 *     ({@code oom_kill} of /proc/vmstat)
 * @param container the kind of container that this is ({@code lxc}), of whose host the kernel is; empty for none
 */
public record KernelSettings(
        Reading<Long> overcommit,
        Reading<String> hugepages,
        Reading<String> clocksource,
        Reading<List<String>> clocksources,
        Reading<Long> somaxconn,
        Reading<Long> available,
        Reading<Long> oomKills,
        String container) {

    public KernelSettings {
        container = Untrusted.line(container);
    }
}
