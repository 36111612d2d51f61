package dev.rediswarden.systemd;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.tinylog.core.LogEntry;
import org.tinylog.core.LogEntryValue;
import org.tinylog.writers.Writer;

/**
 * Writes the log where its reader is: to the journal on standard output with the priority in front of each line
 * (sd-daemon(3)), else as plain lines to standard error. Named {@code journal} in tinylog.properties.
 */
public final class JournalWriter implements Writer {

    private final LogLines lines;
    private final OutputStream out;

    /** @param properties {@code traces}: the level that is logged; at debug and trace, exceptions show their stack */
    public JournalWriter(Map<String, String> properties) {
        this(properties, isJournal(System.getenv("JOURNAL_STREAM"), Path.of("/proc/self/fd/1")));
    }

    private JournalWriter(Map<String, String> properties, boolean journal) {
        this(properties, journal, new FileOutputStream(journal ? FileDescriptor.out : FileDescriptor.err));
    }

    JournalWriter(Map<String, String> properties, boolean journal, OutputStream out) {
        String level = properties.getOrDefault("traces", "info");
        this.lines = new LogLines(journal, level.equalsIgnoreCase("debug") || level.equalsIgnoreCase("trace"));
        this.out = out;
    }

    /** Whether {@code descriptor} is the stream that JOURNAL_STREAM names as device:inode (systemd.exec(5)). */
    static boolean isJournal(@Nullable String journalStream, Path descriptor) {
        if (journalStream == null) {
            return false;
        }
        try {
            Map<String, Object> stat = Files.readAttributes(descriptor, "unix:dev,ino");
            return journalStream.equals(stat.get("dev") + ":" + stat.get("ino"));
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    @Override
    public Collection<LogEntryValue> getRequiredLogEntryValues() {
        return EnumSet.of(LogEntryValue.LEVEL, LogEntryValue.MESSAGE, LogEntryValue.EXCEPTION);
    }

    /** One write(2) for an entry, so that lines of different threads never mix. */
    @Override
    public synchronized void write(LogEntry entry) throws IOException {
        String text = lines.of(entry.getLevel(), entry.getMessage(), entry.getException());
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
