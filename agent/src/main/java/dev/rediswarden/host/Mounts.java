package dev.rediswarden.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The mounts that this process sees: {@code /proc/self/mountinfo} (proc_pid_mountinfo(5)). Of a mount's options only the
 * file system's own count: the daemon's sandbox sees every mount read-only.
 */
final class Mounts {

    /** The file system that holds a path. */
    record Mount(String type, boolean readOnly) {}

    private final String mountinfo;

    private Mounts(String mountinfo) {
        this.mountinfo = mountinfo;
    }

    static Mounts read(Path file) throws IOException {
        return new Mounts(Files.readString(file));
    }

    /** The mount that a path, without symbolic links, is on; the last of those of the same directory is on top. */
    Optional<Mount> of(Path path) {
        Optional<Mount> found = Optional.empty();
        int longest = -1;
        for (String line : mountinfo.split("\n", -1)) {
            // 36 35 98:0 /root /mount/point rw,noatime master:1 - ext4 /dev/root rw,errors=continue
            String[] fields = line.split(" ", -1);
            int dash = 6;
            while (dash < fields.length && !fields[dash].equals("-")) {
                dash++;
            }
            if (dash + 3 >= fields.length) {
                continue;
            }
            Path point = Path.of(unescaped(fields[4]));
            if (path.startsWith(point) && point.getNameCount() >= longest) {
                longest = point.getNameCount();
                boolean readOnly = ("," + fields[dash + 3] + ",").contains(",ro,");
                found = Optional.of(new Mount(fields[dash + 1], readOnly));
            }
        }
        return found;
    }

    /** Blanks, tabs, line ends and backslashes are written as octal numbers. */
    private static String unescaped(String point) {
        StringBuilder out = new StringBuilder(point.length());
        for (int i = 0; i < point.length(); i++) {
            if (point.charAt(i) == '\\' && point.substring(i).matches("\\\\[0-3][0-7]{2}.*")) {
                out.append((char) Integer.parseInt(point.substring(i + 1, i + 4), 8));
                i += 3;
            } else {
                out.append(point.charAt(i));
            }
        }
        return out.toString();
    }
}
