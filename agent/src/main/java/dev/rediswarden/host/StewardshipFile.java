package dev.rediswarden.host;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.snapshot.Contested;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Stewardship;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What {@code redis-warden apply} has decided, for everyone to read and only root to write: lines of {@code KIND NAME
 * VALUE}. It is gone after a boot, as what it tells of is.
 */
public final class StewardshipFile {

    /** The directory that the package has it in; of this boot alone. */
    public static final Path DIRECTORY = Path.of("/run/redis-warden-apply");

    /** Where the package has it. */
    public static final Path DEFAULT = DIRECTORY.resolve("state");

    private final Path file;

    public StewardshipFile(Path file) {
        this.file = file;
    }

    /** {@link Stewardship#NONE} where nothing was decided yet. */
    public Reading<Stewardship> read() {
        Optional<Instant> pausedUntil = Optional.empty();
        Map<String, Long> budget = new HashMap<>();
        Map<String, String> left = new HashMap<>();
        Map<String, String> failed = new HashMap<>();
        Map<String, Long> actions = new HashMap<>();
        List<Contested> contested = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                String[] words = line.split(" ", 3);
                if (words.length == 3) {
                    switch (words[0]) {
                        case "paused" -> pausedUntil = Optional.of(Instant.parse(words[2]));
                        case "budget" -> budget.put(words[1], Long.parseLong(words[2]));
                        case "left" -> left.put(words[1], words[2]);
                        case "failed" -> failed.put(words[1], words[2]);
                        case "actions" -> actions.put(words[1], Long.parseLong(words[2]));
                        case "contested" -> contested.add(contested(words[1], words[2].split("\t", -1)));
                        default -> {}
                    }
                }
            }
        } catch (NoSuchFileException e) {
            return Reading.known(Stewardship.NONE);
        } catch (IOException | DateTimeException | IllegalArgumentException e) {
            return Reading.unknown(Cause.FAILED, file + " cannot be read: " + e);
        }
        return Reading.known(new Stewardship(pausedUntil, budget, left, failed, actions, contested));
    }

    private static Contested contested(String instance, String[] words) {
        if (words.length != 4) {
            throw new IllegalArgumentException("a contested setting that is not of four words");
        }
        return new Contested(instance, words[0], words[2], words[3], Long.parseLong(words[1]));
    }

    /** Replaces it whole. */
    public void write(Stewardship state) throws IOException {
        StringBuilder text = new StringBuilder();
        state.pausedUntil()
                .ifPresent(until -> text.append("paused until ").append(until).append('\n'));
        new TreeMap<>(state.budget()).forEach((unit, left) -> line(text, "budget", unit, String.valueOf(left)));
        new TreeMap<>(state.left()).forEach((unit, why) -> line(text, "left", unit, why.replace('\n', ' ')));
        new TreeMap<>(state.failed()).forEach((unit, what) -> line(text, "failed", unit, what.replace('\n', ' ')));
        new TreeMap<>(state.actions()).forEach((result, count) -> line(text, "actions", result, String.valueOf(count)));
        // Tabs are in none of them, being no printable characters; blanks are.
        state.contested()
                .forEach(given -> line(
                        text,
                        "contested",
                        given.instance(),
                        String.join(
                                "\t", given.setting(), String.valueOf(given.times()), given.found(), given.wished())));
        // In memory: no power cut outlasts it.
        new WholeFile(file, false).replace(text.toString().getBytes(StandardCharsets.UTF_8), "rw-r--r--");
    }

    private static void line(StringBuilder text, String kind, String name, String value) {
        text.append(kind).append(' ').append(name).append(' ').append(value).append('\n');
    }
}
