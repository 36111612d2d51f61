package dev.rediswarden.history;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file of events, a line each, and the one before it: about two thousand events, in half a megabyte at most. A line that
 * was not written whole is none.
 *
 * @param mode of the file: {@code rw-r--r--}
 */
public record EventLog(Path file, String mode) {

    /** Beyond which another file is begun. */
    static final int MOST_BYTES = 256 << 10;

    /** Writes events behind those that are there, in one piece, which no other writer's gets into. */
    public void append(List<Event> events) throws IOException {
        StringBuilder lines = new StringBuilder();
        events.forEach(event -> lines.append(EventLine.of(event)).append('\n'));
        // Locked against another command of root's that is at it as well; a torn line before is ended by a newline.
        try (FileChannel out = locked()) {
            long size = out.size();
            if (size == 0) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            }
            ByteBuffer text =
                    ByteBuffer.wrap(((isTorn(out, size) ? "\n" : "") + lines).getBytes(StandardCharsets.UTF_8));
            for (long at = size; text.hasRemaining(); ) {
                at += out.write(text, at);
            }
            if (out.size() > MOST_BYTES) {
                Files.move(file, before(), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** The file that has the name now: who waited for a lock may have waited for one that was full then, and is another. */
    private FileChannel locked() throws IOException {
        while (true) {
            Optional<Object> named = named();
            FileChannel out = FileChannel.open(file, Set.of(CREATE, READ, WRITE, NOFOLLOW_LINKS));
            try {
                out.lock();
                if (named.isPresent() && named.equals(named())) {
                    return out;
                }
            } catch (IOException | RuntimeException e) {
                out.close();
                throw e;
            }
            out.close();
        }
    }

    private Optional<Object> named() throws IOException {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS)
                    .fileKey());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static boolean isTorn(FileChannel out, long size) throws IOException {
        ByteBuffer last = ByteBuffer.allocate(1);
        return size > 0 && out.read(last, size - 1) == 1 && last.get(0) != '\n';
    }

    private Path before() {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** The newest first, as they were written. */
    List<Event> newest(int atMost) throws IOException {
        List<Event> events = new ArrayList<>();
        for (Path path : List.of(file, before())) {
            if (events.size() < atMost) {
                addNewest(path, atMost, events);
            }
        }
        return events;
    }

    private static void addNewest(Path path, int atMost, List<Event> events) throws IOException {
        List<String> lines = new ArrayList<>(text(path).lines().toList());
        Collections.reverse(lines);
        for (String line : lines) {
            Optional<Event> event = EventLine.parse(line);
            if (event.isPresent() && events.size() < atMost) {
                events.add(event.get());
            }
        }
    }

    /** Its end, where somebody has made it longer than it can be. */
    private static String text(Path path) throws IOException {
        if (Files.exists(path, NOFOLLOW_LINKS) && !Files.isRegularFile(path, NOFOLLOW_LINKS)) {
            return ""; // a pipe would be waited for
        }
        try (FileChannel in = FileChannel.open(path, Set.of(READ, NOFOLLOW_LINKS))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(in.size(), 2 * MOST_BYTES));
            long at = in.size() - bytes.capacity();
            for (int read = 0; read >= 0 && bytes.hasRemaining(); ) {
                read = in.read(bytes, at + bytes.position());
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        }
    }
}
