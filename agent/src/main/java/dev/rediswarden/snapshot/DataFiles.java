package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.Optional;

/**
 * What lies where Redis says that it keeps its data.
 *
 * @param directory CONFIG's {@code dir}
 * @param rdb the dump file, where it exists
 * @param aof the append-only directory (Redis 7) or file (before), where it exists
 */
public record DataFiles(String directory, boolean directoryExists, Optional<File> rdb, Optional<File> aof) {

    /** A file's path, size in bytes and time of last change. */
    public record File(String path, long size, Instant modifiedAt) {}
}
