package dev.rediswarden.history;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;

/** Lets one look at files through at a time: a disk that hangs keeps one thread of HTTP's, and never all of them. */
public final class Turnstile {

    /** What reads the files. */
    interface Look<T> {
        T at() throws IOException;
    }

    /** Many times what a look takes. */
    private static final long PATIENCE_MILLIS = 250;

    private final Semaphore one = new Semaphore(1);

    /** What was found; the other where that failed, or another look does not come to its end. */
    <T> T pass(Look<T> look, T otherwise) {
        boolean entered = false;
        try {
            entered = one.tryAcquire(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            return entered ? look.at() : otherwise;
        } catch (IOException | RuntimeException e) {
            // Whoever writes the files tells of what is wrong with them, and once.
            Logger.debug("the history cannot be read: {}", e.toString());
            return otherwise;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return otherwise;
        } finally {
            if (entered) {
                one.release();
            }
        }
    }
}
