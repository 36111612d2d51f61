package dev.rediswarden.host;

import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Reads what {@code backup.sh} tells of a site's backups: lines of {@code NAME=VALUE}. A line that it does not know, or
 * that says nothing, makes all of it unknown, for it might be the one that counts.
 */
public final class BackupProbe implements Probe<Backup> {

    /** Ten times what all of its lines take. */
    private static final int MOST_BYTES = 16 << 10;

    /** What no host lives to see; beyond, an instant cannot be told. */
    private static final long MOST_SECONDS = 253_402_300_799L;

    private static final String BYTES = "bytes";
    private static final Set<String> TIMES = Set.of("backed_up_at", "drilled_at", "failed_at");
    private static final Set<String> WORDS = Set.of("directory", "drilled", "failure");

    private final String site;
    private final Path file;

    public BackupProbe(String site, Path file) {
        this.site = site;
        this.file = file;
    }

    @Override
    public String name() {
        return "the backups of " + site;
    }

    @Override
    public Reading<Backup> read() {
        try {
            // Opening a pipe would wait for its writer.
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return Reading.unknown(Cause.FAILED, file + " is no file");
            }
            return parse(text());
        } catch (NoSuchFileException e) {
            return Reading.known(Backup.NONE);
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, "this user may not read " + file);
        } catch (CharacterCodingException e) {
            return Reading.unknown(Cause.FAILED, file + " is no text");
        } catch (IOException e) {
            return Reading.unknown(Cause.FAILED, file + " cannot be read: " + e.getMessage());
        }
    }

    private String text() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IOException("larger than " + (MOST_BYTES >> 10) + " kB");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
    }

    private Reading<Backup> parse(String text) {
        Map<String, String> values = new HashMap<>();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            int equals = line.indexOf('=');
            String name = line.substring(0, Math.max(0, equals));
            String value = line.substring(equals + 1);
            boolean known = (TIMES.contains(name) && isTime(value))
                    || (name.equals(BYTES) && isNumber(value, Long.MAX_VALUE))
                    || WORDS.contains(name);
            if (!line.isEmpty() && (!known || values.put(name, value) != null)) {
                return Reading.unknown(
                        Cause.FAILED,
                        file + ":" + number + " is no line that backup.sh writes: " + Untrusted.line(line));
            }
        }
        return Reading.known(new Backup(
                time(values, "backed_up_at"),
                values.getOrDefault("directory", ""),
                values.containsKey(BYTES)
                        ? OptionalLong.of(Long.parseLong(values.getOrDefault(BYTES, "")))
                        : OptionalLong.empty(),
                time(values, "drilled_at"),
                values.getOrDefault("drilled", ""),
                time(values, "failed_at"),
                values.getOrDefault("failure", "")));
    }

    private static Optional<Instant> time(Map<String, String> values, String name) {
        return Optional.ofNullable(values.get(name)).map(Long::parseLong).map(Instant::ofEpochSecond);
    }

    private static boolean isTime(String value) {
        return isNumber(value, MOST_SECONDS);
    }

    private static boolean isNumber(String value, long most) {
        return value.matches("\\d{1,18}") && Long.parseLong(value) <= most;
    }
}
