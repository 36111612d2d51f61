package dev.rediswarden.host;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the kernel says of this process and this boot (proc(5)). */
public final class Kernel {

    private Kernel() {}

    /**
     * A setting of /proc or /sys, without the line's end. All of it by one read: a number of /proc/sys is over after the
     * first, and Files.readString would begin with one of a single byte.
     */
    static String text(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = new byte[4096];
            int length = in.read(bytes);
            return new String(bytes, 0, Math.max(0, length), StandardCharsets.UTF_8).strip();
        }
    }

    /** The random id of this boot. */
    public static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    /** Whether this process may change the host. */
    public static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Whether somebody sits before this process' standard error (pts(4), console(4)). */
    public static boolean isErrorTerminal() {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
