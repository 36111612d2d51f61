package dev.rediswarden.systemd;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.Refusal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The drop-ins that systemd did not take, kept over boots: a line {@code UNIT WANTED} for each, the latter in Base64.
 *
 * @param file in a directory that only root can read
 */
public record Refusals(Path file) {

    public Set<Refusal> read() throws IOException {
        Set<Refusal> refusals = new LinkedHashSet<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
                int space = line.indexOf(' ');
                byte[] wanted = Base64.getDecoder().decode(line.substring(space + 1));
                refusals.add(
                        new Refusal(line.substring(0, Math.max(space, 0)), new String(wanted, StandardCharsets.UTF_8)));
            }
            return refusals;
        } catch (NoSuchFileException e) {
            return Set.of();
        } catch (IllegalArgumentException e) {
            // Damaged: what is forgotten is tried once more, and noted again.
            return Set.of();
        }
    }

    /** Nothing touches the disk where nothing has changed. */
    public void write(Set<Refusal> refusals) throws IOException {
        if (refusals.isEmpty()) {
            Files.deleteIfExists(file);
        } else if (!refusals.equals(read())) {
            StringBuilder text = new StringBuilder();
            for (Refusal refusal : refusals) {
                byte[] wanted = refusal.wanted().getBytes(StandardCharsets.UTF_8);
                text.append(refusal.unit())
                        .append(' ')
                        .append(Base64.getEncoder().encodeToString(wanted))
                        .append('\n');
            }
            new WholeFile(file, true).replace(text.toString().getBytes(StandardCharsets.ISO_8859_1), "rw-------");
        }
    }
}
