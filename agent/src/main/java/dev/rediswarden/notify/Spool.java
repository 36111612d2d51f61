package dev.rediswarden.notify;

import dev.rediswarden.files.WholeFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The directory between the daemon, which adds bulletins, and the deliverer, which takes them. Each is one file that
 * comes and goes whole. What was taken last stays: the daemon goes on from there after a restart.
 *
 * <pre>
 * new/NUMBER.json   bulletins that nobody has taken yet; systemd starts the deliverer while there is one
 * new/wake.json     no bulletin: something that waited is due
 * last              the bulletin that was taken last
 * outbox/RECEIVER   what a receiver is still to be told
 * failed/ID.json    messages that were given up
 * state             what waits, and until when
 * bad               what was found here last and is none of ours
 * </pre>
 */
public record Spool(Path directory) {

    /** Bounds the disk where nobody takes them: of a bulletin, only that one was in between is lost. */
    private static final int MOST_WAITING = 1000;

    private static final int MOST_FAILED = 50;
    private static final String WAKE = "wake.json";
    private static final String NAME = "\\d{19}\\.json";

    /** Where the package has it. */
    public static final Spool DEFAULT = new Spool(Path.of("/var/lib/redis-warden/notify"));

    /** For both sides: a deliverer of an empty spool has one as well. */
    public void make() throws IOException {
        for (String name : List.of("new", "outbox", "failed")) {
            Files.createDirectories(directory.resolve(name));
        }
    }

    /** With the next number; on the disk when this returns. */
    public Bulletin add(Bulletin bulletin) throws IOException {
        List<Path> waiting = waiting();
        // Higher than any before, also where what was there is lost.
        long next = Math.max(
                newest().map(Bulletin::number).orElse(0L) + 1, bulletin.at().toEpochMilli());
        Bulletin numbered = bulletin.numbered(next);
        for (Path oldest : waiting.subList(0, Math.max(0, waiting.size() - MOST_WAITING + 1))) {
            Files.deleteIfExists(oldest);
        }
        Path file = directory.resolve("new/%019d.json".formatted(numbered.number()));
        write(file, NoticeJson.of(numbered).toString());
        return numbered;
    }

    /** The last that was added, whoever has it now; what cannot be read is as if it were not there. */
    public Optional<Bulletin> newest() throws IOException {
        List<Path> waiting = waiting();
        if (!waiting.isEmpty()) {
            Optional<Bulletin> last = read(waiting.get(waiting.size() - 1));
            if (last.isPresent()) {
                return last;
            }
        }
        // Also where it was taken in between.
        return last();
    }

    /** The last that was taken. */
    Optional<Bulletin> last() throws IOException {
        return read(directory.resolve("last"));
    }

    /** Has the deliverer started, without anything new. */
    public void wake() throws IOException {
        try {
            Files.createFile(directory.resolve("new").resolve(WAKE));
        } catch (FileAlreadyExistsException e) {
            // It is about to be.
        }
    }

    /** The deliverer is awake; what else would have it started, again and again, is set aside. */
    void awake() throws IOException {
        Files.deleteIfExists(directory.resolve("new").resolve(WAKE));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory.resolve("new"),
                file -> String.valueOf(file.getFileName()).matches("(?!" + NAME + "$|\\.).*\\.json"))) {
            for (Path file : files) {
                setAside(file);
            }
        }
    }

    private void setAside(Path file) throws IOException {
        Files.move(file, directory.resolve("bad"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** How many bulletins nobody has taken. */
    public int untaken() throws IOException {
        return Files.isDirectory(directory.resolve("new")) ? waiting().size() : 0;
    }

    /** Files of bulletins that nobody has taken, the oldest first. */
    List<Path> waiting() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("new"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).matches(NAME))
                    .sorted()
                    .toList();
        }
    }

    /** Empty where it is gone, or none of ours; then it is set aside. */
    Optional<Bulletin> read(Path file) throws IOException {
        byte[] text;
        try {
            text = Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            return Optional.of(NoticeJson.parse(text, NoticeJson::bulletin));
        } catch (NoticeJson.Foreign e) {
            setAside(file);
            return Optional.empty();
        }
    }

    /** Everybody's outbox has it. */
    void taken(Path file) throws IOException {
        Files.move(
                file, directory.resolve("last"), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    Path outbox(String receiver) {
        return directory.resolve("outbox").resolve(receiver);
    }

    /** Whose receiver is in no configuration any more. */
    List<Path> outboxesBut(List<String> receivers) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("outbox"))) {
            return files.filter(file -> {
                        String name = String.valueOf(file.getFileName());
                        return !name.startsWith(".") && !receivers.contains(name);
                    })
                    .toList();
        }
    }

    /** Keeps a message that was given up, of which there are not to be more than a person would read. */
    void fail(String id, String text) throws IOException {
        write(directory.resolve("failed").resolve(id + ".json"), text);
        List<Path> all = new ArrayList<>(failed());
        while (all.size() > MOST_FAILED) {
            Files.deleteIfExists(all.remove(0));
        }
    }

    /** The oldest first. */
    List<Path> failed() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("failed"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).endsWith(".json"))
                    .sorted(java.util.Comparator.comparing(Spool::modified))
                    .toList();
        }
    }

    private static long modified(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis();
        } catch (IOException e) {
            return 0;
        }
    }

    Path state() {
        return directory.resolve("state");
    }

    /** Whole, and on the disk. */
    static void write(Path file, String text) throws IOException {
        new WholeFile(file, true).replace(text.getBytes(StandardCharsets.UTF_8), "rw-------");
        try (FileChannel names = FileChannel.open(file.resolveSibling("."))) {
            names.force(true); // what is delivered must not be undelivered by a power cut
        }
    }
}
