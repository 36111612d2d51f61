package dev.rediswarden.host;

import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how many files, sockets among them, the server's process may open: {@code /proc/PID/limits} (proc_pid_limits(5)).
 * root sees it; to the daemon, other users' processes are hidden.
 */
public final class OpenFilesProbe implements Probe<Long> {

    private static final Pattern SOFT = Pattern.compile("^Max open files +(\\d{1,18}|unlimited) ", Pattern.MULTILINE);

    private final String instance;
    private final Supplier<Reading<Long>> pid;
    private final Path proc;

    /** @param pid the server's process, as it says itself */
    public OpenFilesProbe(String instance, Supplier<Reading<Long>> pid) {
        this(instance, pid, Path.of("/proc"));
    }

    OpenFilesProbe(String instance, Supplier<Reading<Long>> pid, Path proc) {
        this.instance = instance;
        this.pid = pid;
        this.proc = proc;
    }

    @Override
    public String name() {
        return "the limit of open files of " + instance;
    }

    @Override
    public Reading<Long> read() {
        return pid.get().fold(this::limit, unknown -> Reading.unknown(unknown.cause(), unknown.detail()));
    }

    private Reading<Long> limit(long process) {
        Path limits = proc.resolve(Long.toString(process)).resolve("limits");
        try {
            Matcher soft = SOFT.matcher(Files.readString(limits));
            if (!soft.find()) {
                return Reading.unknown(Cause.FAILED, limits + " has no Max open files");
            }
            return Reading.known(soft.group(1).equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft.group(1)));
        } catch (NoSuchFileException e) {
            return Reading.unknown(Cause.DENIED, limits + " is hidden from this user, or the process has ended");
        } catch (IOException e) {
            return Reading.unknown(
                    Cause.DENIED, limits + " may not be read: " + e.getClass().getSimpleName());
        }
    }
}
