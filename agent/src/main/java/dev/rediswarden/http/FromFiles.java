package dev.rediswarden.http;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tinylog.Logger;

/** What is read from files, and anew when they change; where the new cannot be used, the old stays, which is told once. */
final class FromFiles<T> {

    /** Makes it of what the files hold now. */
    interface Reader<T> {
        T read(Optional<T> before) throws IOException;
    }

    private final String what;
    private final List<Path> open;
    private final Path secret;
    private final Reader<T> reader;
    private volatile T value;
    private List<String> seen;
    private String told = "";

    /**
     * Reads it for the first time.
     *
     * @param what for a warning
     * @param secret a file of which no others may know
     */
    FromFiles(String what, List<Path> open, Path secret, Reader<T> reader) throws IOException {
        this.what = what;
        this.open = List.copyOf(open);
        this.secret = secret;
        this.reader = reader;
        this.seen = stamps();
        this.value = read(Optional.empty());
    }

    T get() {
        return value;
    }

    /** Whether there is another one now; by one thread at a time. */
    boolean look() {
        try {
            // Before they are read: what changes meanwhile is seen by the next look.
            List<String> now = stamps();
            if (now.equals(seen)) {
                return false;
            }
            seen = now;
            value = read(Optional.of(value));
            told = "";
            return true;
        } catch (IOException e) {
            String why = why(e);
            if (!why.equals(told)) {
                Logger.warn("{} stays as it was: {}", what, why);
            }
            told = why;
            return false;
        }
    }

    /** Of what concerns a file, the kind of it is in its class alone. */
    static String why(IOException e) {
        return e instanceof FileSystemException ? e.toString() : String.valueOf(e.getMessage());
    }

    private T read(Optional<T> before) throws IOException {
        var permissions =
                Files.readAttributes(secret, PosixFileAttributes.class).permissions();
        if (permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new IOException(
                    secret + " can be read or written by others (mend with: sudo chmod o= " + secret + ")");
        }
        return reader.read(before);
    }

    private List<String> stamps() throws IOException {
        List<String> stamps = new ArrayList<>();
        for (Path file : open) {
            stamps.add(stamp(file));
        }
        stamps.add(stamp(secret));
        return stamps;
    }

    private static String stamp(Path file) throws IOException {
        PosixFileAttributes of = Files.readAttributes(file, PosixFileAttributes.class);
        return of.fileKey() + " " + of.size() + " " + of.lastModifiedTime() + " " + of.permissions();
    }
}
