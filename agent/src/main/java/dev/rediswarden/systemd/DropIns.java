package dev.rediswarden.systemd;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.DropInText;
import dev.rediswarden.snapshot.DropIn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The files {@code UNIT.d/50-redis-warden.conf} below one directory. Each is whole or not there: written beside its
 * place and renamed into it.
 *
 * @param root {@code /etc/systemd/system}
 */
public record DropIns(Path root) {

    private static final String SUFFIX = ".d";
    private static final int LARGEST = 64 << 10;

    /** Those of the host. */
    public static DropIns ofHost() {
        return new DropIns(Path.of(DropInText.DIRECTORY));
    }

    /** All that are there, whoever wrote them. */
    public List<DropIn> list() throws IOException {
        List<DropIn> found = new ArrayList<>();
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(root, "*" + SUFFIX)) {
            for (Path directory : directories) {
                Path file = directory.resolve(DropInText.FILE);
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(read(directory, file));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    private static DropIn read(Path directory, Path file) throws IOException {
        String name = String.valueOf(directory.getFileName());
        String unit = name.substring(0, name.length() - SUFFIX.length());
        boolean plain = Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                && Files.size(file) <= LARGEST;
        String text = plain ? Files.readString(file, StandardCharsets.ISO_8859_1) : "";
        boolean ours = text.startsWith(DropInText.MARK);
        return new DropIn(unit, file.toString(), ours ? text : "", ours);
    }

    /** Makes the file say this. */
    void write(String unit, String content) throws IOException {
        Path directory = root.resolve(unit + SUFFIX);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(directory + " is no directory, or a symbolic link: it is an administrator's");
            }
            Files.createDirectory(directory);
            // Whatever the caller's umask says: the daemon reads it, and so does everyone who asks what systemd does.
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        // Not forced to the disk one by one: sync() has it hold all of them.
        new WholeFile(directory.resolve(DropInText.FILE), false)
                .replace(content.getBytes(StandardCharsets.ISO_8859_1), "rw-r--r--");
    }

    /** Takes the file away, what an interrupted write left beside it, and the directory where nothing else is in it. */
    void remove(String unit) throws IOException {
        Path directory = root.resolve(unit + SUFFIX);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path file = directory.resolve(DropInText.FILE);
        Files.deleteIfExists(WholeFile.beside(file));
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                && !read(directory, file).ours()) {
            return; // an administrator has put it there since
        }
        Files.deleteIfExists(file);
        try {
            Files.delete(directory);
        } catch (DirectoryNotEmptyException e) {
            // An administrator's own drop-ins live there too.
        }
    }

    /** Has the disk hold what was written: once for all, since a hundred files would take as many writes of its journal. */
    void sync() throws IOException {
        try {
            Process sync = new ProcessBuilder("sync", "--file-system", root.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (sync.waitFor() != 0) {
                throw new IOException(root + " could not be synchronised with the disk");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does what the action says. */
    void act(Action action) throws IOException {
        if (action instanceof Action.WriteDropIn write) {
            write(write.unit(), write.content());
        } else if (action instanceof Action.RemoveDropIn remove) {
            remove(remove.unit());
        }
    }

    /** Has the files be as they were before the action, however far it came. */
    void undo(Action action) throws IOException {
        String before = action instanceof Action.WriteDropIn write
                ? write.before()
                : action instanceof Action.RemoveDropIn remove ? remove.before() : "";
        if (before.isEmpty()) {
            remove(action.unit());
        } else {
            write(action.unit(), before);
        }
    }
}
