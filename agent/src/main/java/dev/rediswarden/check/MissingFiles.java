package dev.rediswarden.check;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** What a restart would load and does not find, or finds as it was long ago; a part of the check files. */
record MissingFiles(InstanceState instance, Fields info, Fields config, DataFiles files, Commands commands) {

    private static final Duration SLACK = Duration.ofMinutes(5);

    MissingFiles(InstanceState instance, Fields info, Fields config, DataFiles files) {
        this(instance, info, config, files, Commands.of(instance));
    }

    Optional<Finding> finding() {
        boolean aof = config.is("appendonly", "yes");
        boolean rewriting = info.is("aof_rewrite_in_progress", "1") || info.is("aof_rewrite_scheduled", "1");
        Optional<Boolean> wasThere = wasThere();
        if (!files.directoryExists()) {
            return Optional.of(Finding.unhealthy(
                    files.directory().isEmpty()
                            ? "CONFIG dir is empty: the server's working directory does not exist any more"
                            : "CONFIG dir " + files.directory() + " does not exist",
                    "nothing can be saved, whatever INFO says",
                    rescue(wanted(), aof)));
        }
        if (aof && files.aof().isEmpty() && !rewriting) {
            return Optional.of(Finding.unhealthy(
                    "AOF is on and its files are missing in " + files.directory(),
                    "Redis writes to deleted files, and a restart loses everything",
                    commands.cli() + " BGREWRITEAOF"));
        }
        if (aof && files.lacking() instanceof Reading.Unknown<List<String>> unknown) {
            return Optional.of(notUnderstood(unknown));
        }
        List<String> lacking = files.lacking().optional().orElse(List.of());
        if (aof && !lacking.isEmpty() && !rewriting) {
            return Optional.of(Finding.unhealthy(
                    "the append-only manifest in " + files.directory() + " names " + String.join(", ", lacking)
                            + ", which is not there",
                    "Redis writes to deleted files, and refuses to start with what is left",
                    commands.cli() + " BGREWRITEAOF"));
        }
        if (!aof && wasThere.isEmpty() && files.rdb().isEmpty()) {
            return Optional.of(Finding.unknown(
                    "there is no dump in " + files.directory() + ", and INFO does not tell whether there was one",
                    "whether it was deleted under the server is not known",
                    commands.cli() + " INFO persistence"));
        }
        if (!aof && wasThere.orElse(false) && files.rdb().isEmpty() && !info.is("rdb_bgsave_in_progress", "1")) {
            return Optional.of(Finding.unhealthy(
                    "INFO rdb_saves is " + info.text("rdb_saves").orElse("not told") + " and the dump is missing in "
                            + files.directory(),
                    "it was deleted under the server, and a restart loses everything",
                    saveAgain()));
        }
        return aof ? Optional.empty() : stale();
    }

    /** A rewrite writes it anew, from what the server knows. */
    private Finding notUnderstood(Reading.Unknown<List<String>> manifest) {
        String directory = files.aof().map(DataFiles.File::path).orElse(files.directory());
        return Finding.unknown(
                manifest.detail(),
                "whether a restart finds its append-only files is not known, and Redis ends where it cannot read that list",
                manifest.cause() == Cause.DENIED
                        ? "sudo -u redis-warden ls -l " + Commands.word(directory)
                        : commands.cli() + " BGREWRITEAOF");
    }

    /** Empty where INFO tells neither that a dump was written or loaded, nor that none was. */
    private Optional<Boolean> wasThere() {
        long saves = info.number("rdb_saves").orElse(-1);
        if (saves > 0 || info.number("rdb_last_load_keys_loaded").orElse(0) > 0) {
            return Optional.of(true);
        }
        Optional<Boolean> since = hasSavedSinceItsStart();
        return saves == 0 ? Optional.of(since.orElse(false)) : since;
    }

    /**
     * What lies there is not what was saved last. A save is counted when its file is whole and flushed, which a slow disk
     * takes its time for.
     */
    private Optional<Finding> stale() {
        long saved = info.number("rdb_last_save_time").orElse(0);
        long slack = SLACK.toSeconds()
                + Math.max(0, info.number("rdb_last_bgsave_time_sec").orElse(0));
        return hasSavedSinceItsStart().orElse(false) && !info.is("rdb_bgsave_in_progress", "1")
                ? files.rdb()
                        .filter(rdb -> rdb.modifiedAt().getEpochSecond() < saved - slack)
                        .map(rdb -> Finding.unhealthy(
                                rdb.path() + " was written at "
                                        + rdb.modifiedAt().truncatedTo(ChronoUnit.SECONDS)
                                        + ", and this server has saved at " + Instant.ofEpochSecond(saved)
                                        + " (INFO rdb_last_save_time)",
                                "Redis writes its dump elsewhere, or an old one was put there: a restart loads that",
                                saveAgain()))
                : Optional.empty();
    }

    /** Into the directory that the server stands in; one that lies over it, it sees after a restart alone. */
    private String saveAgain() {
        return commands.cli()
                + " BGSAVE # if that is told again, another file system lies over the server's directory: "
                + rescue(files.directory(), false);
    }

    /** Redis 6 counts no saves; the time of the last one is that of its start until there is one. */
    private Optional<Boolean> hasSavedSinceItsStart() {
        long now = info.number("server_time_usec").orElse(0) / 1_000_000;
        long uptime = info.number("uptime_in_seconds").orElse(-1);
        long saved = info.number("rdb_last_save_time").orElse(-1);
        return now <= 0 || uptime < 0 || saved < 0 ? Optional.empty() : Optional.of(saved > now - uptime + 1);
    }

    /** Where a restart looks. */
    private String wanted() {
        return Optional.of(files.directory())
                .filter(directory -> !directory.isEmpty())
                .or(() -> instance.confFile().optional().flatMap(conf -> conf.text("dir")))
                .orElse("/var/lib/" + commands.owner());
    }

    /**
     * The server's working directory is the deleted one, where nothing can be saved, at its stop neither: the data leaves
     * as it would to a replica.
     */
    private String rescue(String path, boolean aof) {
        String directory = Commands.word(path);
        String dump = Commands.word(path + "/" + config.text("dbfilename").orElse("dump.rdb"));
        return "sudo install -d -o " + commands.owner() + " -g " + commands.owner() + " -m 0750 " + directory
                // With AOF on, a restart that finds no append-only files does not look at the dump.
                + (aof
                        ? " && sudo sed -i -E 's/^[[:space:]]*appendonly[[:space:]].*/appendonly no/I' "
                                + commands.confFile() + " && " + commands.setNow("repl-diskless-sync", "yes")
                        : " && " + commands.setNow("repl-diskless-sync", "yes"))
                + " && " + commands.cliAsRoot() + " --rdb " + dump + " && sudo chown " + commands.owner() + ": " + dump
                + " && " + commands.cli() + " SHUTDOWN NOSAVE; " + commands.systemctl("start")
                + (aof ? " # then: sudo redis-warden apply" : "");
    }
}
