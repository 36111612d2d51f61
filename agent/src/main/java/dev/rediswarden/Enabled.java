package dev.rediswarden;

import dev.rediswarden.plan.Action;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
            replace(units);
        }
    }

    /** One was taken back. */
    void forget(String unit) throws IOException {
        List<String> rest = read().stream().filter(other -> !other.equals(unit)).toList();
        if (rest.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            replace(rest);
        }
    }

    private void replace(Iterable<String> units) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        Files.write(beside, units);
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
    }

    List<String> read() throws IOException {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }
}
