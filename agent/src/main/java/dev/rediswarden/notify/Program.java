package dev.rediswarden.notify;

import dev.rediswarden.notify.Attempt.Delivered;
import dev.rediswarden.notify.Attempt.Later;
import dev.rediswarden.notify.Attempt.Refused;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs a program, never a shell, and gives it a text on its standard input; what it prints goes nowhere.
 *
 * @param limit after which it is killed, with what it has started
 */
record Program(List<String> words, Duration limit) {

    /** It did not end in time. */
    static final int KILLED = -1;

    /** @return its exit code */
    int run(String id, String input) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectOutput(Redirect.DISCARD).redirectError(Redirect.DISCARD);
        builder.environment().put("REDIS_WARDEN_NOTIFY_ID", id);
        Process process = builder.start();
        Thread writer = new Thread(() -> give(process, input), "stdin");
        writer.setDaemon(true);
        writer.start();
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return KILLED;
    }

    /** One that reads nothing blocks it, and is killed in the end; one that has read enough closes it. */
    private static void give(Process process, String input) {
        try (OutputStream out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Its exit code says what it made of it.
        }
    }

    /** sysexits.h: 64 to 68 say that the message or its receiver is wrong; what else there is may pass. */
    static Attempt attempt(int code) {
        return switch (code) {
            case 0 -> new Delivered();
            case KILLED -> new Later("it did not end in time, and was killed");
            case 64, 65, 66, 67, 68 -> new Refused("it exited with " + code);
            default -> new Later("it exited with " + code);
        };
    }
}
