package dev.rediswarden;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.Insistence;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tinylog.Logger;

/**
 * How often each setting was put right by itself, kept over boots: lines of {@code SETTING STATE WISHED WHEN…}, the wish
 * in Base64, the state {@code done}, {@code failed} or {@code gave-up}. Replaced whole, and on the disk before the deed.
 *
 * @param file in a directory that only root can read
 */
record InsistenceFile(Path file) {

    /** A hundred servers have some six hundred settings. */
    private static final int MAX_SIZE = 1 << 20;

    private static final String DONE = "done";
    private static final String FAILED = "failed";
    private static final String GAVE_UP = "gave-up";

    /** One that is damaged is told once and begun anew: nothing is kept from being put right by our own file. */
    Map<String, Insistence> read() throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_SIZE + 1);
            if (bytes.length > MAX_SIZE) {
                throw new IllegalArgumentException("larger than any of ours");
            }
            return parse(new String(bytes, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Map.of();
        } catch (IllegalArgumentException | DateTimeException e) {
            Logger.warn("{} is none that redis-warden wrote: how often settings were put right begins anew", file);
            Files.deleteIfExists(file);
            return Map.of();
        }
    }

    private static Map<String, Insistence> parse(String text) {
        Map<String, Insistence> insistences = new LinkedHashMap<>();
        for (String line : text.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words.length < 3
                    || words[0].isEmpty()
                    || !List.of(DONE, FAILED, GAVE_UP).contains(words[1])) {
                throw new IllegalArgumentException("not of three words and times");
            }
            List<Instant> made = new ArrayList<>();
            for (int i = 3; i < words.length; i++) {
                made.add(Instant.parse(words[i]));
            }
            String wished = new String(Base64.getDecoder().decode(words[2]), StandardCharsets.UTF_8);
            insistences.put(words[0], new Insistence(wished, made, words[1].equals(FAILED), words[1].equals(GAVE_UP)));
        }
        return insistences;
    }

    /** Nothing touches the disk where nothing is to be remembered. */
    void write(Map<String, Insistence> insistences) throws IOException {
        if (insistences.isEmpty()) {
            Files.deleteIfExists(file);
            return;
        }
        StringBuilder text = new StringBuilder();
        new TreeMap<>(insistences).forEach((setting, insistence) -> {
            byte[] wished = insistence.wished().getBytes(StandardCharsets.UTF_8);
            text.append(setting)
                    .append(' ')
                    .append(insistence.gaveUp() ? GAVE_UP : insistence.failed() ? FAILED : DONE)
                    .append(' ')
                    .append(Base64.getEncoder().encodeToString(wished));
            insistence.made().forEach(when -> text.append(' ').append(when));
            text.append('\n');
        });
        new WholeFile(file, true).replace(text.toString().getBytes(StandardCharsets.UTF_8), "rw-------");
    }
}
