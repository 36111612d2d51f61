package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What {@code backup.sh} and {@code restore.sh --drill} tell of a site's backups.
 *
 * @param madeAt when the last good one was made
 * @param directory where it is
 * @param bytes how large it is
 * @param drilledAt when one was last restored on trial, and compared
 * @param drilled which one
 * @param failedAt when a run last failed
 * @param failure why, behind {@code backup: } or {@code drill: }, which says what has failed
 */
public record Backup(
        Optional<Instant> madeAt,
        String directory,
        OptionalLong bytes,
        Optional<Instant> drilledAt,
        String drilled,
        Optional<Instant> failedAt,
        String failure) {

    /** Nothing was ever told. */
    public static final Backup NONE =
            new Backup(Optional.empty(), "", OptionalLong.empty(), Optional.empty(), "", Optional.empty(), "");

    public Backup {
        directory = Untrusted.line(directory);
        drilled = Untrusted.line(drilled);
        failure = Untrusted.line(failure);
    }
}
