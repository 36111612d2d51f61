package dev.rediswarden.systemd;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The units that redis-warden has enabled, one a line: what it has made it can take back. */
public record Enabled(Path file) {

    /** Before the deed, so that an interruption forgets nothing. */
    public void add(List<Action> actions) throws IOException {
        Set<String> units = new LinkedHashSet<>(read());
        boolean more = false;
        for (Action action : actions) {
            if (action instanceof Action.Enable enable) {
                more |= units.add(enable.unit());
            }
        }
        if (more) {
            write(units);
        }
    }

    /** One was taken back. */
    public void forget(String unit) throws IOException {
        List<String> rest = read().stream().filter(other -> !other.equals(unit)).toList();
        if (rest.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            write(rest);
        }
    }

    private void write(Iterable<String> units) throws IOException {
        String text = String.join("\n", units) + "\n";
        new WholeFile(file, true).replace(text.getBytes(StandardCharsets.UTF_8), "rw-------");
    }

    /** All of them. */
    public List<String> read() throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
