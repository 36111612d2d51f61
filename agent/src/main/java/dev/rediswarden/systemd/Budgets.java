package dev.rediswarden.systemd;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.RestartBudget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The restart budgets by unit, kept from one run to the next until the host boots: a line {@code UNIT GAVE_UP_AT
 * START…} for each, in microseconds of the kernel's monotonic clock.
 *
 * @param file in a directory that only root can read
 * @param boot the kernel's id of this boot; what another boot has written counts no more
 */
public record Budgets(Path file, String boot) {

    public Map<String, RestartBudget> read() throws IOException {
        Map<String, RestartBudget> budgets = new LinkedHashMap<>();
        try {
            List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
            if (lines.isEmpty() || !lines.get(0).equals(boot)) {
                return budgets;
            }
            for (String line : lines.subList(1, lines.size())) {
                String[] words = line.split(" ", -1);
                List<Long> starts = new ArrayList<>();
                for (int i = 2; i < words.length; i++) {
                    starts.add(Long.parseLong(words[i]));
                }
                budgets.put(words[0], new RestartBudget(starts, Long.parseLong(words[1])));
            }
            return budgets;
        } catch (NoSuchFileException e) {
            return budgets;
        } catch (RuntimeException e) {
            // Damaged: a failed Redis must not wait for somebody to mend our own file.
            return new LinkedHashMap<>();
        }
    }

    public void write(Map<String, RestartBudget> budgets) throws IOException {
        StringBuilder text = new StringBuilder(boot).append('\n');
        budgets.forEach((unit, budget) -> {
            text.append(unit).append(' ').append(budget.gaveUpAt());
            budget.starts().forEach(start -> text.append(' ').append(start));
            text.append('\n');
        });
        new WholeFile(file, true).replace(text.toString().getBytes(StandardCharsets.US_ASCII), "rw-------");
    }
}
