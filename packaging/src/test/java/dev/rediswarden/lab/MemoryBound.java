package dev.rediswarden.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How much memory Redis in a lab may hold: told to systemd where that rules memory, and to the kernel where it is left to
 * the older hierarchy, whose groups a lab does not see.
 */
record MemoryBound(Lab lab, Path group) {

    private static final Path OLDER = Path.of("/sys/fs/cgroup/memory");

    /** @param pid of Redis, as the lab numbers it; what it holds already does not count */
    static MemoryBound of(Lab lab, int pid) throws IOException {
        var bound = new MemoryBound(lab, OLDER.resolve("of-" + lab.name()));
        if (Files.isDirectory(OLDER)) {
            Files.createDirectories(bound.group);
            Files.writeString(bound.group.resolve("cgroup.procs"), bound.here(pid));
        }
        return bound;
    }

    /** @param size as systemd has it: 64M, 1G */
    void set(String size) throws IOException {
        if (Files.isDirectory(OLDER)) {
            Files.writeString(group.resolve("memory.limit_in_bytes"), size);
        } else {
            lab.exec("systemctl", "set-property", "--runtime", "redis-server", "MemoryMax=" + size)
                    .ok();
        }
    }

    /** As this machine numbers it. */
    private String here(int pid) throws IOException {
        lab.exec("touch", "/run/this-lab").ok();
        for (String process : Objects.requireNonNull(Path.of("/proc").toFile().list())) {
            Path status = Path.of("/proc", process, "status");
            if (process.matches("\\d+")
                    && Files.exists(Path.of("/proc", process, "root/run/this-lab"))
                    && Files.readString(status).matches("(?s).*\nNSpid:\t.*\t" + pid + "\n.*")) {
                return process;
            }
        }
        throw new AssertionError("process " + pid + " of " + lab + " was not found");
    }
}
