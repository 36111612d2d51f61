package dev.rediswarden.redis;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
            Map<String, Object> found = Files.readAttributes(file, "unix:uid,gid");
            return new Attributes(
                    (Integer) found.getOrDefault("uid", 0),
                    (Integer) found.getOrDefault("gid", 0),
                    Set.copyOf(Files.getPosixFilePermissions(file)));
        }

        /** The owner first: a mode that is wider must never meet another owner. */
        void give(Path file) throws IOException {
            Attributes now = of(file);
            if (now.uid != uid) {
                Files.setAttribute(file, "unix:uid", uid);
            }
            if (now.gid != gid) {
                Files.setAttribute(file, "unix:gid", gid);
            }
            if (!of(file).mode.equals(mode)) {
                Files.setPosixFilePermissions(file, mode);
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

    static KeptFile of(Path file) throws IOException {
        return new KeptFile(file, Optional.of(Files.readAllBytes(file)), Attributes.of(file));
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
        Path beside = file.resolveSibling("." + file.getFileName() + ".redis-warden");
        Files.deleteIfExists(beside);
        try {
            Files.createFile(
                    beside, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (FileChannel out = FileChannel.open(beside, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(text);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                out.force(true);
            }
            attributes.give(beside);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
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
