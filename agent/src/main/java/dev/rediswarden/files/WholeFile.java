package dev.rediswarden.files;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that is replaced whole: written beside its place and renamed into it, so that whoever reads it, after a kill
 * of this process too, finds the old text or the new. No link is followed, neither in its place nor beside it.
 *
 * @param forced whether the disk has the text before the rename: then the same holds after a power cut
 */
public record WholeFile(Path file, boolean forced) {

    /** Who may read it, and what else is to be so before it is in its place. */
    public interface Finish {
        void of(Path beside) throws IOException;
    }

    /** Where it is written; what a kill has left there, the next replacement takes away. */
    public static Path beside(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".redis-warden");
    }

    /** @param mode as {@code rw-r--r--}, whatever the umask */
    public void replace(byte[] text, String mode) throws IOException {
        replace(text, beside -> Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString(mode)));
    }

    /** Until it is finished, its owner alone may read it. */
    public void replace(byte[] text, Finish finish) throws IOException {
        Path beside = beside(file);
        Files.deleteIfExists(beside);
        try {
            try (FileChannel out = FileChannel.open(
                    beside,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, NOFOLLOW_LINKS),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
                ByteBuffer rest = ByteBuffer.wrap(text);
                while (rest.hasRemaining()) {
                    out.write(rest);
                }
                if (forced) {
                    out.force(true);
                }
            }
            finish.of(beside);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }
}
