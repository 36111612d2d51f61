package dev.rediswarden.http;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.tinylog.Logger;

/** What is read from files, and anew when they change; where the new cannot be used, the old stays, which is told once. */
final class FromFiles<T> {

    /** Makes it of what the files hold now. */
    interface Reader<T> {
        T read(Optional<T> before) throws IOException;

        /** What it is now that a file of it is gone; empty where the old is to stay. */
        default Optional<T> gone() {
            return Optional.empty();
        }
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
            value = read(Optional.of(value));
            seen = now;
            told = "";
            return true;
        } catch (NoSuchFileException e) {
            value = reader.gone().orElse(value);
            seen = List.of(); // what comes back as it was, as with a disk that is mounted again, is read all the same
            tell(e);
            return false;
        } catch (IOException e) {
            tell(e);
            return false;
        }
    }

    /** Once; it is tried again with each look, since what kept it from being read may not be the file's own. */
    private void tell(IOException e) {
        String why = why(e);
        if (!why.equals(told)) {
            Logger.warn("{} {}: {}", what, reader.gone().isEmpty() ? "stays as it was" : "is not read", why);
        }
        told = why;
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
        return new TreeMap<>(Files.readAttributes(file, "unix:ino,size,ctime")).toString();
    }
}
