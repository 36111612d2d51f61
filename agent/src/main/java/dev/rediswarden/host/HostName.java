package dev.rediswarden.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This host's own name as the kernel has it (proc_sys_kernel(5), hostname): no name server is asked. */
public final class HostName {

    private static final Path FILE = Path.of("/proc/sys/kernel/hostname");

    private HostName() {}

    /** Empty where it cannot be read. */
    public static String read() {
        try {
            return Files.readString(FILE).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
