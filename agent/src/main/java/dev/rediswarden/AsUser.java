package dev.rediswarden;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a command of redis-warden as the daemon's user, on this terminal. It reads what others have written, or runs what
 * a configuration names: never with root's rights.
 */
final class AsUser {

    private static final String USER = "redis-warden";

    private static final List<String> SETPRIV = List.of(
            "setpriv",
            "--reuid=" + USER,
            "--regid=" + USER,
            "--init-groups",
            "--inh-caps=-all",
            "--bounding-set=-all",
            "--no-new-privs");

    private AsUser() {}

    /**
     * As {@link #run(List, List)}, at its own priority.
     *
     * @throws IOException if it cannot be started
     */
    static int run(List<String> words) throws IOException {
        return run(List.of(), words);
    }

    /**
     * Until its end; an interrupt ends it.
     *
     * @param how what it is run under, as {@code nice}
     * @param words of the command line, without its name
     * @return its exit code
     * @throws IOException if it cannot be started
     */
    static int run(List<String> how, List<String> words) throws IOException {
        Process process = new ProcessBuilder(Stream.of(SETPRIV, how, List.of("/usr/bin/redis-warden"), words)
                        .flatMap(List::stream)
                        .toList())
                .inheritIO()
                .start();
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            return Exit.NOT_EVALUATED;
        }
    }
}
