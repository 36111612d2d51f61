package dev.rediswarden.history;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.tinylog.Logger;

/** Writes the rings of all instances of a directory; used by one thread at a time. */
public final class RingWriter {

    /** How many corrupt files of one ring are kept, for who wants to look into them. */
    private static final int SET_ASIDE = 2;

    /** What nobody has written for so long is of an instance that is watched no more. */
    private static final Duration KEPT = Duration.ofDays(30);

    /** Steps, of ten seconds. */
    private static final int BELIEVED_AFTER = 60;

    private static final long NEVER = Long.MIN_VALUE;

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Path directory;
    private final Map<String, Long> written = new HashMap<>();
    /** By instance, how many steps there were since the clock was seen to be set back. */
    private final Map<String, Integer> back = new HashMap<>();

    private long prunedOn = NEVER;
    private boolean failing;

    /** @param directory that is made where it is not there; its parent must be */
    public RingWriter(Path directory) {
        this.directory = directory;
    }

    /**
     * Writes what each instance's step has brought. Never throws: trouble is told once, until it is over.
     *
     * @param at seconds since 1970, by which the step is over
     */
    void write(long index, long at, Map<String, float[]> values) {
        try {
            prepare(at, values.keySet());
            IOException trouble = null;
            for (Map.Entry<String, float[]> of : values.entrySet()) {
                try {
                    write(of.getKey(), index, at, of.getValue());
                } catch (IOException e) {
                    trouble = e; // one file's alone, it may be
                }
            }
            if (trouble != null) {
                throw trouble;
            }
            if (failing) {
                Logger.info("the history in {} is written again", directory);
            }
            failing = false;
        } catch (IOException | RuntimeException e) {
            if (!failing) {
                Logger.warn("the history in {} cannot be written ({}): it will have a gap", directory, e.toString());
            }
            failing = true;
        }
    }

    private void write(String redis, long index, long at, float[] values) throws IOException {
        InstanceRings rings = InstanceRings.in(directory, redis);
        long before = written.getOrDefault(redis, NEVER);
        if (isBelievedToBeBack(redis, before, index)) {
            for (RingFile ring : rings.files()) {
                whole(ring, at, () -> ring.forgetFrom(ring.shape().index(at) + 1));
            }
        }
        whole(rings.day(), at, () -> rings.day().write(index, values));
        long coarse = RingShape.MONTH.index(at);
        if (before == NEVER
                || RingShape.MONTH.index(before * RingShape.DAY.step().toSeconds()) != coarse) {
            whole(rings.month(), at, () -> rings.condense(at));
        }
        written.put(redis, index);
    }

    /**
     * Whether the clock was set back a while ago, maybe before this run, and has stayed so: at a boot it may be wrong until
     * it is synchronized, which must not cost what was written when it was right.
     */
    private boolean isBelievedToBeBack(String redis, long before, long index) {
        if (index <= before || before == NEVER) {
            back.put(redis, 0);
        } else if (index - before > BELIEVED_AFTER) {
            back.remove(redis);
        }
        Integer steps = back.computeIfPresent(redis, (name, count) -> count + 1);
        return steps != null && steps > BELIEVED_AFTER && back.remove(redis) != null;
    }

    /** What is done with a ring. */
    private interface Work {
        void run() throws IOException;
    }

    /** With a file that is none of ours set aside, the same is done with a new one. */
    private static void whole(RingFile ring, long at, Work work) throws IOException {
        try {
            work.run();
        } catch (RingFile.Corrupt e) {
            Path aside = setAside(ring.file(), at);
            Logger.warn("{} {}: it is now {}, and its history begins anew", ring.file(), e.getMessage(), aside);
            work.run();
        }
    }

    private static Path setAside(Path file, long at) throws IOException {
        String corrupt = file.getFileName() + ".corrupt-";
        Path aside = file.resolveSibling(corrupt + STAMP.format(Instant.ofEpochSecond(at)));
        Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
        List<Path> all = new ArrayList<>();
        try (DirectoryStream<Path> others = Files.newDirectoryStream(
                aside.resolveSibling("."), path -> path.getFileName().toString().startsWith(corrupt))) {
            others.forEach(all::add);
        }
        all.sort(Comparator.comparing(path -> path.getFileName().toString()));
        for (Path old : all.subList(0, Math.max(0, all.size() - SET_ASIDE))) {
            Files.deleteIfExists(old);
        }
        return aside;
    }

    /** Once a day, and at the first step of a run. What is watched now stays, whatever the clock says. */
    private void prepare(long at, Set<String> watched) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        long day = Math.floorDiv(at, Duration.ofDays(1).toSeconds());
        if (day == prunedOn) {
            return;
        }
        prunedOn = day;
        Instant oldest = Instant.ofEpochSecond(at).minus(KEPT);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.ring*")) {
            for (Path file : files) {
                boolean spared = watched.stream()
                        .flatMap(redis -> InstanceRings.in(directory, redis).files().stream())
                        .anyMatch(ring -> ring.file().equals(file));
                if (!spared
                        && Files.getLastModifiedTime(file, NOFOLLOW_LINKS)
                                .toInstant()
                                .isBefore(oldest)) {
                    Files.deleteIfExists(file);
                    Logger.info("{} was not written for {} days, and is gone", file, KEPT.toDays());
                }
            }
        }
    }
}
