package dev.rediswarden.snapshot;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What {@code redis-warden verify}, a process of its own, has found in one server's data files.
 *
 * @param scheduled whether a timer has it run again and again
 * @param waiting for how long, not counting the host's sleep, this process has seen no run come to its end
 * @param progress the file that is being read; it may have been left behind by a run that was killed
 * @param files by the order in which they were verified
 */
public record Verification(boolean scheduled, Duration waiting, Optional<Progress> progress, List<Verified> files) {

    /** Nothing was verified, and nothing is going to be. */
    public static final Verification NONE = new Verification(false, Duration.ZERO, Optional.empty(), List.of());

    public Verification {
        files = List.copyOf(files);
    }

    /**
     * How far a run is.
     *
     * @param read bytes, of {@code total}
     * @param since when the file was begun
     * @param at when this was told
     */
    public record Progress(String path, long read, long total, Instant since, Instant at) {

        public int percent() {
            return total <= 0 ? 100 : (int) Math.min(100, read * 100.0 / total);
        }
    }

    /** What a file is to a restart. */
    public enum Kind {
        /** dump.rdb: loaded where AOF is off, else a backup. */
        DUMP,
        /** The list of an append-only directory's files. */
        MANIFEST,
        BASE,
        /** What was written since the base; the last one grows. */
        INCREMENT,
        /** The one append-only file of Redis before 7. */
        LOG;

        public boolean isGrowing() {
            return this == INCREMENT || this == LOG;
        }
    }

    /** What was found in a file; all but the first three mean that this is not known. */
    public enum Outcome {
        GOOD,
        /** Its last command is not whole, and nobody writes on. */
        TORN,
        DAMAGED,
        /** Neither redis-check-* nor valkey-check-* is installed. */
        TOOL_MISSING,
        TOOL_KILLED,
        /** What the tool said is none of what it says of a good file or of a damaged one. */
        NOT_UNDERSTOOD,
        NO_ROOM,
        DENIED,
        /** Redis has replaced it meanwhile, more than once. */
        CHANGED;

        public boolean isKnown() {
            return this == GOOD || this == TORN || this == DAMAGED;
        }
    }

    /**
     * A verdict on a file.
     *
     * @param offset of the first byte that is not as it must be, in bytes; of a good file how many were read
     * @param size of what was looked at, in bytes
     * @param words the tool's own, or why there are none
     * @param current whether the file is still the one that was looked at
     */
    public record Verified(
            String path,
            Kind kind,
            Outcome outcome,
            long offset,
            long size,
            String words,
            Instant at,
            boolean current) {

        public Verified {
            words = Untrusted.line(words);
        }

        public String name() {
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }
}
