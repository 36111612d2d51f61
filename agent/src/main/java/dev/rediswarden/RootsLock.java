package dev.rediswarden;

import dev.rediswarden.host.StewardshipFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets one run at a time change the host.
 *
 * @param out told where another run does not end
 */
record RootsLock(PrintWriter out) {

    /** What only root reads: the budgets, what was refused, and what is under way. */
    static final Path STATE = Path.of("/var/lib/redis-warden-apply");

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Something of root's that no other run may come between. */
    interface Work {
        int run() throws IOException;
    }

    /** @return what the work returns; {@link Exit#TEMPORARY} where another run does not end */
    int during(Work work) throws IOException {
        directory(STATE, "rwx------");
        directory(StewardshipFile.DIRECTORY, "rwxr-xr-x");
        try (FileChannel file =
                        FileChannel.open(STATE.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = lock(file)) {
            if (lock == null) {
                out.println("another redis-warden apply is at work, and does not end");
                return Exit.TEMPORARY;
            }
            return work.run();
        } finally {
            out.flush();
        }
    }

    /** Waits as long as another run may take; null where that is over. */
    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        CompletableFuture<FileLock> lock = CompletableFuture.supplyAsync(() -> {
            try {
                return file.lock();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            return lock.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static void directory(Path path, String mode) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        }
    }
}
