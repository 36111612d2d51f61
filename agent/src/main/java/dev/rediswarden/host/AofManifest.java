package dev.rediswarden.host;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of an append-only directory's files, one a line (aofLoadManifestFromFile of Redis 7). History is about to be
 * deleted; base and increments are what a restart loads. What Redis would not start with is not understood here either.
 */
final class AofManifest {

    private static final int MAX_BYTES = 1 << 20;

    /** A rewrite deletes files, and writes the manifest that names them no more, between two looks. */
    private static final int LOOKS = 3;

    private AofManifest() {}

    /**
     * Names of files that a restart would look for in vain; the manifest's own where it is not there. Unknown, with the
     * file and the line, where it does not say what Redis writes.
     */
    static Reading<List<String>> lacking(Path manifest, Path directory) {
        try {
            for (int look = 0; look < LOOKS; look++) {
                String text = text(manifest);
                List<String> lacking = lacking(text, manifest, directory);
                if (lacking.isEmpty() || text.equals(text(manifest))) {
                    return Reading.known(lacking);
                }
            }
            return Reading.unknown(Cause.FAILED, manifest + " changes while it is read");
        } catch (NotUnderstood e) {
            return Reading.unknown(Cause.FAILED, String.valueOf(e.getMessage()));
        } catch (NoSuchFileException e) {
            return Reading.known(List.of(String.valueOf(manifest.getFileName())));
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, e.getFile() + " may not be looked at");
        } catch (IOException | InvalidPathException e) {
            return Reading.unknown(Cause.FAILED, manifest + " could not be read: " + e);
        }
    }

    private static String text(Path manifest) throws IOException {
        // A pipe in its place would keep this probe waiting.
        if (!Files.readAttributes(manifest, BasicFileAttributes.class).isRegularFile()) {
            throw new NotUnderstood(manifest + " is no file");
        }
        try (var in = Files.newInputStream(manifest)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new NotUnderstood(manifest + " is larger than a manifest");
            }
            return new String(bytes, ISO_8859_1);
        }
    }

    /** What a restart loads, in that order, by names that stay within the directory. */
    static List<ManifestLine> loaded(Path manifest) throws IOException {
        return loaded(text(manifest), manifest);
    }

    private static List<String> lacking(String text, Path manifest, Path directory) throws IOException {
        List<String> lacking = new ArrayList<>();
        for (ManifestLine file : loaded(text, manifest)) {
            if (!isThere(directory.resolve(file.name()))) {
                lacking.add(file.name());
            }
        }
        return lacking;
    }

    private static boolean isThere(Path file) throws IOException {
        try {
            Files.readAttributes(file, BasicFileAttributes.class);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** The base, where there is one, and the increments. */
    private static List<ManifestLine> loaded(String text, Path manifest) throws NotUnderstood {
        List<ManifestLine> loaded = new ArrayList<>();
        boolean base = false;
        long increment = 0;
        int number = 0;
        for (int start = 0; start < text.length(); ) {
            number++;
            int end = text.indexOf('\n', start);
            String line = text.substring(start, end < 0 ? text.length() : end);
            start += line.length() + 1;
            if (line.startsWith("#")) {
                continue;
            }
            ManifestLine item = ManifestLine.of(end < 0 ? "" : line);
            boolean again = item.type() == 'b' ? base : item.type() == 'i' && item.sequence() <= increment;
            if (item.type() == ManifestLine.NONE || again) {
                throw new NotUnderstood(manifest + ", line " + number + ", is not what Redis writes there");
            }
            base |= item.type() == 'b';
            increment = item.type() == 'i' ? item.sequence() : increment;
            if (item.type() != 'h') {
                loaded.add(item);
            }
        }
        if (loaded.isEmpty()) {
            throw new NotUnderstood(manifest + " names no file that a restart would load");
        }
        return loaded;
    }

    /** Says so with the file, and never with what is in it. */
    static final class NotUnderstood extends IOException {
        private static final long serialVersionUID = 1;

        NotUnderstood(String message) {
            super(message);
        }
    }
}
