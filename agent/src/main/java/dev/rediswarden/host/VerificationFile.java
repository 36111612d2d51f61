package dev.rediswarden.host;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.snapshot.Untrusted;
import dev.rediswarden.snapshot.Verification.Kind;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code redis-warden verify} has found, for the daemon and for its own next run: a first line that says what it is,
 * then {@code ended TIME}, {@code reading INSTANCE READ TOTAL SINCE AT PATH} and {@code file INSTANCE KIND OUTCOME OFFSET
 * INODE SIZE MODIFIED AT PATH WORDS}; a path is written as in a URL, for it may hold anything.
 */
public final class VerificationFile {

    /** Where the package has it. */
    public static final Path DEFAULT = Path.of("/var/lib/redis-warden/verified");

    private static final String TITLE = "# redis-warden: data files that were verified, version ";
    private static final String VERSION = "1";
    private static final int MAX_SIZE = 1 << 20;
    private static final int MOST_FILES = 2000;

    /**
     * All of it.
     *
     * @param ended when a run last came to its end
     * @param reading of which instance which file
     */
    record State(Optional<Instant> ended, Optional<At> reading, List<Entry> entries) {

        static final State NONE = new State(Optional.empty(), Optional.empty(), List.of());

        State {
            entries = List.copyOf(entries);
        }
    }

    /** A run's place. */
    record At(String instance, Progress progress) {}

    /** A verdict, and the file that it was given for. */
    record Entry(
            String instance,
            Kind kind,
            Path path,
            FileIdentity identity,
            Outcome outcome,
            long offset,
            String words,
            Instant at) {

        Entry {
            words = Untrusted.line(words);
        }
    }

    /** It is none that this version can read; the message is for an operator. */
    static final class Unreadable extends IOException {

        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    private final Path file;

    public VerificationFile(Path file) {
        this.file = file;
    }

    Path path() {
        return file;
    }

    /**
     * {@link State#NONE} where nothing was verified yet.
     *
     * @throws Unreadable for one that a newer version, or somebody else, has written
     */
    State read() throws IOException {
        if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
            return State.NONE;
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new Unreadable(file + " is no regular file"); // a pipe would be waited for
        }
        String text;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_SIZE + 1);
            if (bytes.length > MAX_SIZE) {
                throw new Unreadable(file + " is larger than redis-warden writes it");
            }
            text = new String(bytes, StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return State.NONE;
        }
        List<String> lines = text.lines().toList();
        String title = lines.isEmpty() ? "" : lines.get(0);
        if (title.startsWith(TITLE) && !title.equals(TITLE + VERSION)) {
            throw new Unreadable(file + " was written by another version of redis-warden");
        }
        try {
            if (!title.equals(TITLE + VERSION) || lines.size() > MOST_FILES + 3) {
                throw new IllegalArgumentException("without its title, or too long");
            }
            return state(lines.subList(1, lines.size()));
        } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
            throw new Unreadable(file + " is none that redis-warden wrote");
        }
    }

    private static State state(List<String> lines) {
        Optional<Instant> ended = Optional.empty();
        Optional<At> reading = Optional.empty();
        List<Entry> entries = new ArrayList<>();
        for (String line : lines) {
            String[] words = line.split(" ", 11);
            switch (words[0]) {
                case "ended" -> ended = Optional.of(Instant.parse(words[1]));
                case "reading" ->
                    reading = Optional.of(new At(
                            words[1],
                            new Progress(
                                    path(words[6]).toString(),
                                    count(words[2]),
                                    count(words[3]),
                                    Instant.parse(words[4]),
                                    Instant.parse(words[5]))));
                case "file" ->
                    entries.add(new Entry(
                            words[1],
                            Kind.valueOf(words[2].toUpperCase(Locale.ROOT)),
                            path(words[9]),
                            new FileIdentity(count(words[5]), count(words[6]), Instant.parse(words[7])),
                            Outcome.valueOf(words[3].toUpperCase(Locale.ROOT)),
                            count(words[4]),
                            words[10],
                            Instant.parse(words[8])));
                default -> throw new IllegalArgumentException("an unknown line");
            }
        }
        return new State(ended, reading, entries);
    }

    private static long count(String word) {
        long count = Long.parseLong(word);
        if (count < 0) {
            throw new IllegalArgumentException("below 0");
        }
        return count;
    }

    private static Path path(String word) {
        return Path.of(URLDecoder.decode(word, StandardCharsets.UTF_8));
    }

    private static String word(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("%2F", "/");
    }

    /** Replaces it whole; the daemon's group may read it. */
    void write(State state) throws IOException {
        StringBuilder text = new StringBuilder(TITLE).append(VERSION).append('\n');
        state.ended().ifPresent(ended -> line(text, "ended", ended));
        state.reading()
                .ifPresent(at -> line(
                        text,
                        "reading",
                        at.instance(),
                        at.progress().read(),
                        at.progress().total(),
                        at.progress().since(),
                        at.progress().at(),
                        word(at.progress().path())));
        state.entries().stream()
                .limit(MOST_FILES)
                .forEach(entry -> line(
                        text,
                        "file",
                        entry.instance(),
                        entry.kind().name().toLowerCase(Locale.ROOT),
                        entry.outcome().name().toLowerCase(Locale.ROOT),
                        entry.offset(),
                        entry.identity().inode(),
                        entry.identity().size(),
                        entry.identity().modified(),
                        entry.at(),
                        word(entry.path().toString()),
                        entry.words()));
        new WholeFile(file, false).replace(text.toString().getBytes(StandardCharsets.UTF_8), "rw-r-----");
    }

    private static void line(StringBuilder text, Object... words) {
        for (int i = 0; i < words.length; i++) {
            text.append(i == 0 ? "" : " ").append(words[i]);
        }
        text.append('\n');
    }
}
