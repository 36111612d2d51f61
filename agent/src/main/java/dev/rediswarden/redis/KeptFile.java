package dev.rediswarden.redis;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import dev.rediswarden.files.WholeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A file that is about to change, as it was: its bytes, its owner, its mode. Whole at every instant: what replaces it is
 * written beside it, synced, and renamed.
 */
final class KeptFile {

    /** What a file belongs to whom by. */
    record Attributes(int uid, int gid, Set<PosixFilePermission> mode) {

        static Attributes of(Path file) throws IOException {
            Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid", NOFOLLOW_LINKS);
            return new Attributes(
                    (Integer) found.getOrDefault("uid", 0),
                    (Integer) found.getOrDefault("gid", 0),
                    Set.copyOf(Files.getPosixFilePermissions(file, NOFOLLOW_LINKS)));
        }

        /**
         * The owner first: a mode that is wider must never meet another owner. Of the file itself and of no other name
         * of it: whoever owns its directory may have put a link there.
         */
        void give(Path file) throws IOException {
            Map<String, Object> found = Files.readAttributes(file, "unix:isRegularFile,nlink", NOFOLLOW_LINKS);
            if (!Boolean.TRUE.equals(found.get("isRegularFile"))
                    || !Integer.valueOf(1).equals(found.get("nlink"))) {
                throw new FileSystemException(file.toString(), null, "is a link to another file");
            }
            Attributes now = of(file);
            if (now.uid != uid) {
                Files.setAttribute(file, "unix:uid", uid, NOFOLLOW_LINKS);
            }
            if (now.gid != gid) {
                Files.setAttribute(file, "unix:gid", gid, NOFOLLOW_LINKS);
            }
            if (!of(file).mode.equals(mode)) {
                Files.getFileAttributeView(file, PosixFileAttributeView.class, NOFOLLOW_LINKS)
                        .setPermissions(mode);
            }
        }
    }

    private final Path file;
    private final Optional<byte[]> bytes;
    private final Attributes attributes;

    private KeptFile(Path file, Optional<byte[]> bytes, Attributes attributes) {
        this.file = file;
        this.bytes = bytes;
        this.attributes = attributes;
    }

    /** @throws IOException for a symbolic link as well: what it leads to may change under us */
    static KeptFile of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file, NOFOLLOW_LINKS)) {
            return new KeptFile(file, Optional.of(in.readAllBytes()), Attributes.of(file));
        }
    }

    /** One that may not be there; if it comes to be, then with the attributes of its neighbour. */
    static KeptFile beside(Path neighbour, Path file) throws IOException {
        try {
            return of(file);
        } catch (NoSuchFileException e) {
            return new KeptFile(file, Optional.empty(), Attributes.of(neighbour));
        }
    }

    Path file() {
        return file;
    }

    byte[] bytes() {
        return bytes.orElseGet(() -> new byte[0]).clone();
    }

    /** A copy that nobody but root reads: it may hold a password. */
    void copyTo(Path copy) throws IOException {
        replace(copy, bytes(), new Attributes(0, 0, PosixFilePermissions.fromString("rw-------")));
    }

    void replaceBy(byte[] text) throws IOException {
        replace(file, text, attributes);
    }

    /** What Redis renames into place is its own, with a mode of its own. */
    void giveAttributes() throws IOException {
        attributes.give(file);
    }

    /** As it was. */
    void restore() throws IOException {
        if (bytes.isEmpty()) {
            Files.deleteIfExists(file);
        } else if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes.get())) {
            replaceBy(bytes.get());
        } else {
            attributes.give(file);
        }
    }

    static void replace(Path file, byte[] text, Attributes attributes) throws IOException {
        new WholeFile(file, true).replace(text, attributes::give);
        sync(file);
    }

    /** A rename counts after a power cut once its directory is synced. */
    private static void sync(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        try (FileChannel channel = FileChannel.open(directory == null ? Path.of("/") : directory)) {
            channel.force(true);
        }
    }
}
