package dev.rediswarden;

import dev.rediswarden.plan.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The units that redis-warden has enabled, one a line: what it has made it can take back. */
record Enabled(Path file) {

    /** Before the deed, so that an interruption forgets nothing. */
    void add(List<Action> actions) throws IOException {
        Set<String> units = new LinkedHashSet<>(read());
        boolean more = false;
        for (Action action : actions) {
            if (action instanceof Action.Enable enable) {
                more |= units.add(enable.unit());
            }
        }
        if (more) {
            Files.write(file, units);
        }
    }

    /** One was taken back. */
    void forget(String unit) throws IOException {
        List<String> rest = read().stream().filter(other -> !other.equals(unit)).toList();
        if (rest.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            Files.write(file, rest);
        }
    }

    List<String> read() throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
