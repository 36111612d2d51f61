package dev.rediswarden.systemd;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.Action;
import dev.rediswarden.plan.DropInText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * What is about to be done to drop-ins, written down before the first of them is touched and deleted once all of it is
 * proven: whoever comes after an interruption takes back what was half done.
 *
 * @param file in a directory that only root can read
 */
record Intent(Path file) {

    /** Notes the actions; from here on they can be taken back. */
    void declare(List<? extends Action> actions) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Action action : actions) {
            String before = action instanceof Action.WriteDropIn write
                    ? write.before()
                    : action instanceof Action.RemoveDropIn remove ? remove.before() : "";
            lines.append(action.unit())
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(before.getBytes(StandardCharsets.ISO_8859_1)))
                    .append('\n');
        }
        new WholeFile(file, true).replace(lines.toString().getBytes(StandardCharsets.ISO_8859_1), "rw-------");
    }

    /** Everything was done and proven, or taken back. */
    void fulfilled() throws IOException {
        Files.deleteIfExists(file);
    }

    /** What an earlier run began and did not end; none as a rule. */
    List<Action> unfinished() throws IOException {
        List<Action> actions = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                int space = line.indexOf(' ');
                if (space > 0) {
                    String unit = line.substring(0, space);
                    String before = new String(
                            Base64.getDecoder().decode(line.substring(space + 1)), StandardCharsets.ISO_8859_1);
                    actions.add(new Action.WriteDropIn(unit, DropInText.path(unit), before, ""));
                }
            }
        } catch (NoSuchFileException e) {
            return List.of();
        }
        return actions;
    }
}
