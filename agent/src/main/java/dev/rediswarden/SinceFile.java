package dev.rediswarden;

import dev.rediswarden.check.Past;
import dev.rediswarden.check.Past.Standing;
import dev.rediswarden.check.Status;
import dev.rediswarden.files.WholeFile;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.tinylog.Logger;

/**
 * How the checks stand, for the next run of the agent: a first line that says what it is, then lines of {@code INSTANCE
 * CHECK STATUS SINCE}. It only spares {@code since} a restart, and so no trouble with it is worth a failure.
 */
final class SinceFile {

    private static final String TITLE = "# redis-warden: the status of each check, and since when";
    private static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,64}");

    /** Ten times what a hundred instances need. */
    private static final int MAX_SIZE = 1 << 20;

    private final Path file;

    SinceFile(Path file) {
        this.file = file;
    }

    /** In the state directory that systemd gives (systemd.exec(5)); none where it gives none. */
    static Optional<SinceFile> of(Map<String, String> environment) {
        String directory = environment.getOrDefault("STATE_DIRECTORY", "").split(":", 2)[0];
        return directory.startsWith("/")
                ? Optional.of(new SinceFile(Path.of(directory).resolve("since")))
                : Optional.empty();
    }

    /**
     * What an earlier run has left. What cannot be read, or is none of ours, is told once, set aside and forgotten; so is
     * a standing since a time that is still to come.
     */
    Past read(Instant now) {
        try {
            return new Past(standings(now));
        } catch (NoSuchFileException e) {
            return Past.NONE;
        } catch (IOException | RuntimeException e) {
            Logger.warn(
                    "{} is not used ({}): every check's since begins anew{}",
                    file,
                    e instanceof IOException ? Untrusted.line(e.toString()) : "it is none that redis-warden wrote",
                    setAside());
            return Past.NONE;
        }
    }

    /** @throws IllegalArgumentException where it is none that redis-warden wrote */
    List<Standing> standings(Instant now) throws IOException {
        if (Files.isSymbolicLink(file) || (Files.exists(file) && !Files.isRegularFile(file))) {
            throw new IllegalArgumentException("a pipe would be waited for");
        }
        List<String> lines = text().lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(TITLE)) {
            throw new IllegalArgumentException("without its title");
        }
        List<Standing> standings = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            standings.add(standing(line));
        }
        long all = standings.size();
        standings.removeIf(standing -> standing.since().isAfter(now));
        if (standings.size() < all) {
            Logger.warn(
                    "{}: {} of {} times are still to come, and begin anew: the clock was set back",
                    file,
                    all - standings.size(),
                    all);
        }
        return standings;
    }

    private String text() throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_SIZE + 1);
            if (bytes.length > MAX_SIZE) {
                throw new IllegalArgumentException("larger than any of ours");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    private static Standing standing(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4
                || !NAME.matcher(words[0]).matches()
                || !NAME.matcher(words[1]).matches()) {
            throw new IllegalArgumentException("not of four words");
        }
        try {
            return new Standing(
                    words[0], words[1], Status.valueOf(words[2].toUpperCase(Locale.ROOT)), Instant.parse(words[3]));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("not a time", e);
        }
    }

    /** Where it went, for the log; nothing where it could not be moved: it will be written over then. */
    private String setAside() {
        Path aside = file.resolveSibling(file.getFileName() + ".bad");
        try {
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return "; it is now " + aside;
        } catch (IOException | RuntimeException e) {
            return "";
        }
    }

    /** Replaces it whole. Not forced to the disk: a crash of the host may cost it, which costs nothing else. */
    void write(List<Standing> standings) throws IOException {
        StringBuilder text = new StringBuilder(TITLE).append('\n');
        for (Standing standing : standings) {
            text.append(standing.instance()).append(' ').append(standing.check());
            text.append(' ').append(standing.status().word());
            text.append(' ').append(standing.since()).append('\n');
        }
        new WholeFile(file, false).replace(text.toString().getBytes(StandardCharsets.ISO_8859_1), "rw-------");
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
