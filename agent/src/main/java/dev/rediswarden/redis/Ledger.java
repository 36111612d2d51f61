package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What parameters were before we first changed them, and what we last made of them: lines of {@code PARAMETER BEFORE
 * AFTER}, the values in Base64. It holds no secret.
 *
 * @param file in a directory that only root can read
 */
record Ledger(Path file) {

    /** From what to what. */
    record Change(String before, String after) {}

    Map<String, Change> read() throws IOException {
        Map<String, Change> changes = new LinkedHashMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                String[] words = line.split(" ", -1);
                if (words.length == 3) {
                    changes.put(words[0], new Change(decoded(words[1]), decoded(words[2])));
                }
            }
        } catch (NoSuchFileException e) {
            return changes;
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged", e);
        }
        return changes;
    }

    /** Before the deed. */
    void enter(String parameter, String before, String after) throws IOException {
        Map<String, Change> changes = read();
        changes.merge(parameter, new Change(before, after), (first, last) -> new Change(first.before(), last.after()));
        write(changes);
    }

    Optional<Change> of(String parameter) throws IOException {
        return Optional.ofNullable(read().get(parameter));
    }

    /** As it was entered once, or not at all. */
    void put(String parameter, Optional<Change> change) throws IOException {
        Map<String, Change> changes = read();
        changes.remove(parameter);
        change.ifPresent(entry -> changes.put(parameter, entry));
        write(changes);
    }

    private void write(Map<String, Change> changes) throws IOException {
        StringBuilder text = new StringBuilder();
        changes.forEach((parameter, change) -> text.append(parameter)
                .append(' ')
                .append(encoded(change.before()))
                .append(' ')
                .append(encoded(change.after()))
                .append('\n'));
        KeptFile.replace(
                file,
                text.toString().getBytes(UTF_8),
                new KeptFile.Attributes(0, 0, PosixFilePermissions.fromString("rw-------")));
    }

    private static String encoded(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(UTF_8));
    }

    private static String decoded(String word) {
        return new String(Base64.getDecoder().decode(word), UTF_8);
    }
}
