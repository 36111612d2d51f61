package dev.rediswarden.host;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.OptionalLong;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** How many files may still be made, by statvfs(3), which neither the JDK nor jnr-posix has. */
final class FreeInodes {

    /** C's, as jnr binds it: that is why both are public. */
    public interface Libc {

        int statvfs(@In String path, @Out byte[] found);
    }

    /** Larger than the structure, of which only the beginning is looked at: eleven words of 64 bits on Linux. */
    private static final int SIZE = 256;

    private static final int F_FILES = 5 * Long.BYTES;
    private static final int F_FAVAIL = 7 * Long.BYTES;

    private static final Libc LIBC = LibraryLoader.create(Libc.class).load("c");

    private FreeInodes() {}

    /**
     * Those left to users other than root; empty where it has no bound of its own (btrfs, CephFS).
     *
     * @throws IOException where it cannot be asked
     */
    static OptionalLong on(Path directory) throws IOException {
        byte[] found = new byte[SIZE];
        if (LIBC.statvfs(directory.toString(), found) != 0) {
            throw new IOException("statvfs of " + directory + " failed");
        }
        ByteBuffer words = ByteBuffer.wrap(found).order(ByteOrder.nativeOrder());
        long left = words.getLong(F_FAVAIL);
        return words.getLong(F_FILES) == 0 || left < 0 ? OptionalLong.empty() : OptionalLong.of(left);
    }
}
