package dev.rediswarden.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.LongConsumer;

/** A directory of our own for copies, which is empty between two of them and gone in the end. */
public final class PrivateCopies implements AutoCloseable {

    /** On a disk, unlike /tmp: a copy may be larger than the host's memory. */
    public static final Path PARENT = Path.of("/var/tmp");

    /** What a disk keeps free beside Redis' own next rewrite. */
    static final long SPARE = 64L << 20;

    private static final String NAME = "redis-warden-verify-";

    private static final int CHUNK = 1 << 20;

    private final Path directory;
    private final CheckTool tools;

    private PrivateCopies(Path directory, CheckTool tools) {
        this.directory = directory;
        this.tools = tools;
    }

    /** Of this user alone; what a run that was killed has left of it is removed. */
    public static PrivateCopies in(Path parent, CheckTool tools) throws IOException {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, NAME + "*")) {
            for (Path old : left) {
                if (Files.getOwner(old).equals(Files.getOwner(Path.of("/proc/self")))) {
                    remove(old);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return new PrivateCopies(
                Files.createTempDirectory(
                        parent,
                        NAME,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))),
                tools);
    }

    /** There is less room than a copy needs; the message says how much there is. */
    static final class NoRoom extends IOException {

        private static final long serialVersionUID = 1L;

        NoRoom(String message) {
            super(message);
        }
    }

    /**
     * A copy as large as the file is now. Where the file system can, it shares the blocks; else it is written, and only where
     * the disk has room for it, for Redis' next rewrite, and for some more.
     *
     * @param rewrite how many bytes Redis writes then
     * @param progress told how many bytes are written
     */
    Path copy(Path file, long rewrite, LongConsumer progress) throws IOException {
        clear();
        Path copy = directory.resolve(String.valueOf(file.getFileName()));
        long size = Files.size(file);
        if (isShared(file, copy)) {
            return copy;
        }
        Files.deleteIfExists(copy);
        FileStore disk = Files.getFileStore(directory);
        long needed = size + SPARE + (Files.getFileStore(file).equals(disk) ? rewrite : 0);
        if (disk.getUsableSpace() < needed) {
            throw new NoRoom(directory.getParent() + " has " + disk.getUsableSpace() + " bytes free, and a copy of "
                    + size + " must leave " + (needed - size));
        }
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(copy, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            // Not to the file's end: a busy Redis may move it on faster than a copy at idle priority comes along.
            for (long at = 0; at < size; ) {
                long moved = in.transferTo(at, Math.min(CHUNK, size - at), out);
                if (moved <= 0) {
                    break;
                }
                at += moved;
                progress.accept(at);
            }
        }
        return copy;
    }

    private boolean isShared(Path file, Path copy) throws IOException {
        List<String> words = List.of("/bin/cp", "--reflink=always", "--", file.toString(), copy.toString());
        return tools.run(words, CheckTool.NO_INPUT, CheckTool.UNWATCHED).exit() == 0;
    }

    /** An append-only directory whose manifest is there, and whose files are empty. */
    Path standIns(Path manifest, List<String> names) throws IOException {
        clear();
        Path copy = directory.resolve(String.valueOf(manifest.getFileName()));
        Files.write(copy, Files.readAllBytes(manifest), StandardOpenOption.CREATE_NEW);
        for (String name : names) {
            Path standIn = directory.resolve(name).normalize();
            if (standIn.startsWith(directory) && Files.notExists(standIn)) {
                Files.write(standIn, new byte[0], StandardOpenOption.CREATE_NEW);
            }
        }
        return copy;
    }

    void clear() throws IOException {
        empty(directory);
    }

    private static void remove(Path directory) throws IOException {
        if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            empty(directory);
            Files.delete(directory);
        }
    }

    /** Nothing in it is a directory: all of it was copied here. */
    private static void empty(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    @Override
    public void close() throws IOException {
        remove(directory);
    }
}
