package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What lies where Redis says that it keeps its data.
 *
 * @param directory CONFIG's {@code dir}; empty where the server's working directory was deleted under it
 * @param rdb the dump file, where it exists
 * @param aof the append-only directory (Redis 7) or file (before), where it exists; its size is that of all files in it
 * @param lacking names of files that the append-only manifest has and the directory has not; unknown, with the line, where
 *     that manifest is not understood
 * @param place where the directory is
 */
public record DataFiles(
        String directory,
        boolean directoryExists,
        Optional<File> rdb,
        Optional<File> aof,
        Reading<List<String>> lacking,
        Place place) {

    public DataFiles {
        lacking = lacking.map(names -> names.stream().map(Untrusted::line).toList());
    }

    /**
     * The files together with what the server had said before they were looked at: one that it tells of later may not
     * have been there yet.
     */
    public record Look(Fields info, Fields config, DataFiles files) {}

    /**
     * A file's path, size in bytes and time of last change.
     *
     * @param openToOthers whether any user of the host may read it, as far as its own mode goes
     */
    public record File(String path, long size, Instant modifiedAt, boolean openToOthers) {}

    /**
     * A directory and the file system that it is on.
     *
     * @param owner its owner's number
     * @param openToOthers whether any user of the host gets into it
     * @param writableByGroup whether its group, or a user that an access control list names, may put files into it
     * @param writableByOthers whether any user of the host may put files into it
     * @param fileSystem ext4, tmpfs, overlay, …; empty where that could not be found out
     * @param readOnly whether the file system itself takes no writes
     * @param free bytes that its owner may still write
     * @param inodes files that its owner may still make; empty where the file system has no bound of its own for them
     */
    public record Place(
            OptionalInt owner,
            boolean openToOthers,
            boolean writableByGroup,
            boolean writableByOthers,
            String fileSystem,
            boolean readOnly,
            OptionalLong free,
            OptionalLong inodes) {

        /** Nothing is known of it. */
        public static final Place UNKNOWN = new Place(
                OptionalInt.empty(), false, false, false, "", false, OptionalLong.empty(), OptionalLong.empty());
    }
}
