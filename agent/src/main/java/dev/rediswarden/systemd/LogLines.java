package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Untrusted;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import org.tinylog.Level;

/** A log entry as lines: printable, each with its priority or level in front, without the time the journal adds. */
final class LogLines {

    private final boolean priorities;
    private final boolean traces;

    LogLines(boolean priorities, boolean traces) {
        this.priorities = priorities;
        this.traces = traces;
    }

    String of(Level level, @Nullable String message, @Nullable Throwable exception) {
        String text = message == null ? "" : message;
        if (exception != null) {
            text += (text.isEmpty() ? "" : ": ") + (traces ? stackOf(exception) : summaryOf(exception));
        }
        String prefix = priorities ? "<" + priority(level) + ">" : level + ": ";
        StringBuilder out = new StringBuilder(prefix.length() + text.length() + 1);
        text.lines()
                .map(Untrusted::line)
                .filter(line -> !line.isEmpty())
                .forEach(line -> out.append(prefix).append(line).append('\n'));
        return out.toString();
    }

    /** syslog(3)'s numbers, as sd-daemon(3) expects them. */
    private static int priority(Level level) {
        return switch (level) {
            case ERROR -> 3;
            case WARN -> 4;
            case INFO -> 6;
            default -> 7;
        };
    }

    private static String summaryOf(Throwable exception) {
        String text = exception.getMessage();
        String name = exception.getClass().getSimpleName();
        return text == null ? name : name + ": " + text.lines().findFirst().orElse("");
    }

    private static String stackOf(Throwable exception) {
        StringWriter stack = new StringWriter();
        exception.printStackTrace(new PrintWriter(stack, true));
        return stack.toString();
    }
}
