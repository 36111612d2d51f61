package dev.rediswarden;

import dev.rediswarden.preflight.EnvFile;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A site's environment file as it is on the disk.
 *
 * @param open whether others than its owner and its group may read or write it
 * @param secret whether a URL in it holds a password, Redis' or another's
 */
record SiteFile(Path path, EnvFile content, boolean open, boolean secret) {

    private static final int MAX_BYTES = 1 << 20;
    private static final Pattern WITH_PASSWORD = Pattern.compile("://[^\\s/@]{0,200}:[^\\s@]{1,500}@");

    /** It cannot be used: one line with the file and the rule, and an exit code as sysexits.h has it. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        private final int code;

        Unusable(Path path, String rule, int code) {
            super(Untrusted.line(path.toString()) + ": --env-file must name a file " + rule);
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    static SiteFile read(Path path) throws Unusable {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                throw new Unusable(path, "and not a directory or a device", Exit.NO_INPUT);
            }
            byte[] bytes;
            try (InputStream in = Files.newInputStream(path)) {
                bytes = in.readNBytes(MAX_BYTES + 1);
            }
            if (bytes.length > MAX_BYTES) {
                throw new Unusable(path, "of at most 1 MiB", Exit.NO_INPUT);
            }
            Set<PosixFilePermission> granted = Files.getPosixFilePermissions(path);
            boolean open = granted.contains(PosixFilePermission.OTHERS_READ)
                    || granted.contains(PosixFilePermission.OTHERS_WRITE);
            String text = new String(bytes, StandardCharsets.UTF_8);
            return new SiteFile(
                    path, EnvFile.parse(text), open, WITH_PASSWORD.matcher(text).find());
        } catch (NoSuchFileException e) {
            throw new Unusable(path, "that exists", Exit.NO_INPUT);
        } catch (AccessDeniedException e) {
            throw new Unusable(
                    path, "that this user may read; try again as the site's user, or with sudo", Exit.NO_PERMISSION);
        } catch (IOException e) {
            throw new Unusable(path, "that can be read (" + e.getClass().getSimpleName() + ")", Exit.NO_INPUT);
        }
    }
}
