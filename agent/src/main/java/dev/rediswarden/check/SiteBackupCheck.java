package dev.rediswarden.check;

import dev.rediswarden.snapshot.Backup;
import dev.rediswarden.snapshot.SiteState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A site's backups are made, and were proven to be some. A site that lacks one serves as well as ever: never more than degraded. */
record SiteBackupCheck() implements SiteCheck {

    /** A week, and a day for a drill that comes later. */
    private static final Duration DRILL = Duration.ofDays(8);

    /** How a failure begins, by what has failed. */
    private static final String OF_BACKUP = "backup: ";

    private static final String OF_DRILL = "drill: ";

    /** A clock is set back by so much in passing. */
    private static final Duration TOLERANCE = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "backup";
    }

    @Override
    public Verdict examine(SiteState state, Instant now) {
        Optional<Duration> most = state.site().backupMaxAge();
        SiteCommands commands = new SiteCommands(state.site());
        if (most.isEmpty()) {
            return Verdict.off("switched off in the configuration");
        }
        return state.backup()
                .fold(
                        backup -> judge(backup, most.get(), commands, now),
                        unknown -> Verdict.of(Finding.unknown(
                                unknown.detail(),
                                "whether there is a backup is not known",
                                "sudo cat " + Commands.word(state.site().backupFile()) + "; " + commands.backUp())));
    }

    private static Verdict judge(Backup backup, Duration most, SiteCommands commands, Instant now) {
        Optional<Instant> later = Stream.of(backup.madeAt(), backup.drilledAt(), backup.failedAt())
                .flatMap(Optional::stream)
                .filter(at -> at.isAfter(now.plus(TOLERANCE)))
                .findFirst();
        if (later.isPresent()) {
            return Verdict.of(Finding.unknown(
                    "its backups tell of " + later.get() + ", which is still to come",
                    "how old they are is not known",
                    "timedatectl; " + commands.backUp()));
        }
        List<Finding> findings = new ArrayList<>();
        failed(backup, commands, now).ifPresent(findings::add);
        made(backup, most, commands, now).ifPresent(findings::add);
        drilled(backup, commands, now).ifPresent(findings::add);
        return Verdict.of(findings, last(backup, now) + ", restored on trial " + ago(backup.drilledAt(), now));
    }

    /** What has succeeded since is forgiven; a backup that is made proves nothing of one that could not be restored. */
    private static Optional<Finding> failed(Backup backup, SiteCommands commands, Instant now) {
        boolean drill = backup.failure().startsWith(OF_DRILL);
        Optional<Instant> since = drill ? backup.drilledAt() : backup.madeAt();
        boolean counts = backup.failedAt()
                .filter(failed -> since.filter(good -> good.isAfter(failed)).isEmpty())
                .isPresent();
        if (!counts) {
            return Optional.empty();
        }
        String when = ago(backup.failedAt(), now);
        String why = backup.failure().replaceFirst("^(" + OF_BACKUP + "|" + OF_DRILL + ")", "");
        String told = when + (why.isEmpty() ? "" : ": " + why);
        return Optional.of(
                drill
                        ? Finding.degraded(
                                "restoring a backup on trial failed " + told,
                                "whether the backups are any is not proven",
                                commands.drill())
                        : Finding.degraded(
                                "the last backup failed " + told,
                                "what was written since the last good one is nowhere else",
                                commands.backUp() + "; sudo journalctl -u sum-"
                                        + commands.site().name() + "-backup -n 50"));
    }

    private static Optional<Finding> made(Backup backup, Duration most, SiteCommands commands, Instant now) {
        if (backup.madeAt().isEmpty()) {
            return Optional.of(Finding.degraded(
                    "no backup was ever made", "a disk that is lost takes all with it", commands.backUp()));
        }
        return Duration.between(backup.madeAt().get(), now).compareTo(most) <= 0
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        last(backup, now) + ", and is to be no older than " + most.toHours() + " h",
                        "what was written since is nowhere else",
                        commands.backUp()));
    }

    private static Optional<Finding> drilled(Backup backup, SiteCommands commands, Instant now) {
        boolean recent = backup.drilledAt()
                .filter(at -> Duration.between(at, now).compareTo(DRILL) <= 0)
                .isPresent();
        return backup.madeAt().isEmpty() || recent
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        "a backup was restored on trial " + ago(backup.drilledAt(), now),
                        "whether the backups are any is not proven",
                        commands.drill()));
    }

    private static String last(Backup backup, Instant now) {
        String size = backup.bytes().isPresent() ? Bytes.text(backup.bytes().getAsLong()) : "of unknown size";
        String where = backup.directory().isEmpty() ? "" : " in " + backup.directory();
        return "the last backup (" + size + where + ") was made " + ago(backup.madeAt(), now);
    }

    private static String ago(Optional<Instant> at, Instant now) {
        if (at.isEmpty()) {
            return "never";
        }
        long minutes = Math.max(0, Duration.between(at.get(), now).toMinutes());
        return minutes < 120
                ? minutes + " min ago"
                : minutes < 2880 ? minutes / 60 + " h ago" : minutes / 1440 + " d ago";
    }
}
