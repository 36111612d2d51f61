package dev.rediswarden.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tinylog.Level;
import org.tinylog.core.LogEntry;

/** What the journal, or a terminal, gets to read. */
class JournalWriterTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void eachLineCarriesItsPriority() throws IOException {
        JournalWriter writer = new JournalWriter(Map.of(), true, out);

        writer.write(entry(Level.ERROR, "unit gone\nask systemd", null));
        writer.write(entry(Level.WARN, "slow", null));
        writer.write(entry(Level.INFO, "ready", null));
        writer.write(entry(Level.DEBUG, "why", null));

        assertThat(written()).isEqualTo("<3>unit gone\n<3>ask systemd\n<4>slow\n<6>ready\n<7>why\n");
    }

    @Test
    void aMessageCannotForgeALineNorColourATerminal() throws IOException {
        new JournalWriter(Map.of(), true, out)
                .write(entry(Level.INFO, "key \u001b[2J\r\u202eevil\u0000 <0>panic\u2028<0>end", null));

        assertThat(written()).isEqualTo("<6>key  [2J\n<6>evil  <0>panic <0>end\n");
    }

    @Test
    void anExceptionIsOneLineUnlessTracesAreWanted() throws IOException {
        IOException exception = new IOException("disk full\nat /var");

        new JournalWriter(Map.of("traces", "info"), true, out).write(entry(Level.WARN, "not saved", exception));
        assertThat(written()).isEqualTo("<4>not saved: IOException: disk full\n");

        out.reset();
        new JournalWriter(Map.of("traces", "debug"), true, out).write(entry(Level.WARN, "not saved", exception));
        assertThat(written().lines())
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.startsWith("<4>"))
                .anyMatch(line -> line.startsWith("<4>at dev.rediswarden.systemd.JournalWriterTest"));
    }

    @Test
    void aPersonReadsLevelsInsteadOfPriorities() throws IOException {
        new JournalWriter(Map.of(), false, out).write(entry(Level.WARN, "slow", null));

        assertThat(written()).isEqualTo("WARN: slow\n");
    }

    @Test
    void theJournalIsTheStreamThatSystemdNamed(@TempDir Path directory) throws Exception {
        Path stream = Files.createFile(directory.resolve("stream"));
        Process stat = new ProcessBuilder("stat", "-c", "%d:%i", stream.toString()).start();
        String name = new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();

        assertThat(JournalWriter.isJournal(name, stream)).isTrue();
        assertThat(JournalWriter.isJournal("9:1", stream)).isFalse();
        assertThat(JournalWriter.isJournal(null, stream)).isFalse();
        assertThat(JournalWriter.isJournal(name, directory.resolve("missing"))).isFalse();
    }

    private static LogEntry entry(Level level, String message, @Nullable Throwable exception) {
        return new LogEntry(null, null, null, null, null, null, -1, null, level, message, exception);
    }

    private String written() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
