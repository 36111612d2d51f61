package dev.rediswarden.check;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** What is on disk is what Redis writes, where it can go on writing, and where nobody else reads it. */
record FilesCheck() implements Check {

    /** File systems that a reboot, or the end of a container, empties. */
    private static final Set<String> FORGETFUL = Set.of("tmpfs", "ramfs", "overlay", "squashfs");

    private static final Duration SLACK = Duration.ofMinutes(5);

    @Override
    public String name() {
        return "files";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        if (instance.unit().isEmpty()) {
            return Verdict.off("its files are not this host's: no unit is watched");
        }
        return Asked.config(
                instance,
                (server, config) -> instance.files()
                        .fold(
                                look -> judge(look, instance, snapshot),
                                unknown -> Verdict.of(notSeen(config, unknown.detail()))));
    }

    private static Finding notSeen(Fields config, String why) {
        return Finding.unknown(
                "the data directory could not be looked at (" + why + ")",
                "whether the files are there is not known",
                "sudo -u redis-warden stat " + Commands.word(config.text("dir").orElse("/var/lib/redis")));
    }

    /** By what the server had said before the files were looked at, not by what it says since. */
    private static Verdict judge(DataFiles.Look look, InstanceState instance, Snapshot snapshot) {
        DataFiles files = look.files();
        Fields info = look.info();
        Fields config = look.config();
        Commands commands = Commands.of(instance);
        if (!config.is("appendonly", "yes") && !config.is("appendonly", "no")) {
            return Verdict.of(Finding.unknown(
                    "CONFIG GET has no appendonly",
                    "which files a restart loads is not known",
                    commands.cli() + " CONFIG GET appendonly"));
        }
        List<Finding> findings = new ArrayList<>();
        missing(info, config, files, instance).ifPresent(findings::add);
        if (files.directoryExists()) {
            open(files, commands).ifPresent(findings::add);
            addPlace(findings, info, files, instance, commands);
        }
        VerifiedFiles verified = new VerifiedFiles(instance, config, files, snapshot.takenAt());
        findings.addAll(verified.findings());
        return verified.told(Verdict.of(findings, allWell(files)));
    }

    private static String allWell(DataFiles files) {
        String found = Stream.of(files.aof(), files.rdb())
                .flatMap(Optional::stream)
                .map(file -> file.path() + " (" + Bytes.text(file.size()) + ")")
                .reduce((one, other) -> one + ", " + other)
                .orElse(files.directory() + ", with nothing saved yet");
        return found
                + (files.place().free().isPresent()
                        ? ", " + Bytes.text(files.place().free().getAsLong()) + " free"
                        : "");
    }

    private static Optional<Finding> missing(Fields info, Fields config, DataFiles files, InstanceState instance) {
        Commands commands = Commands.of(instance);
        boolean aof = config.is("appendonly", "yes");
        boolean rewriting = info.is("aof_rewrite_in_progress", "1") || info.is("aof_rewrite_scheduled", "1");
        Optional<Boolean> wasThere = wasThere(info);
        if (!files.directoryExists()) {
            return Optional.of(Finding.unhealthy(
                    files.directory().isEmpty()
                            ? "CONFIG dir is empty: the server's working directory does not exist any more"
                            : "CONFIG dir " + files.directory() + " does not exist",
                    "nothing can be saved, whatever INFO says",
                    rescue(wanted(files, instance), commands.confFile(), config, aof, commands)));
        }
        if (aof && files.aof().isEmpty() && !rewriting) {
            return Optional.of(Finding.unhealthy(
                    "AOF is on and its files are missing in " + files.directory(),
                    "Redis writes to deleted files, and a restart loses everything",
                    commands.cli() + " BGREWRITEAOF"));
        }
        if (aof && files.lacking() instanceof Reading.Unknown<List<String>> unknown) {
            return Optional.of(notUnderstood(unknown, files, commands));
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
                    saveAgain(files, instance, config)));
        }
        return aof ? Optional.empty() : stale(info, config, files, instance);
    }

    /** A rewrite writes it anew, from what the server knows. */
    private static Finding notUnderstood(Reading.Unknown<List<String>> manifest, DataFiles files, Commands commands) {
        String directory = files.aof().map(DataFiles.File::path).orElse(files.directory());
        return Finding.unknown(
                manifest.detail(),
                "whether a restart finds its append-only files is not known, and Redis ends where it cannot read that list",
                manifest.cause() == Cause.DENIED
                        ? "sudo -u redis-warden ls -l " + Commands.word(directory)
                        : commands.cli() + " BGREWRITEAOF");
    }

    /** Empty where INFO tells neither that a dump was written or loaded, nor that none was. */
    private static Optional<Boolean> wasThere(Fields info) {
        long saves = info.number("rdb_saves").orElse(-1);
        if (saves > 0 || info.number("rdb_last_load_keys_loaded").orElse(0) > 0) {
            return Optional.of(true);
        }
        Optional<Boolean> since = hasSavedSinceItsStart(info);
        return saves == 0 ? Optional.of(since.orElse(false)) : since;
    }

    /**
     * What lies there is not what was saved last. A save is counted when its file is whole and flushed, which a slow disk
     * takes its time for.
     */
    private static Optional<Finding> stale(Fields info, Fields config, DataFiles files, InstanceState instance) {
        long saved = info.number("rdb_last_save_time").orElse(0);
        long slack = SLACK.toSeconds()
                + Math.max(0, info.number("rdb_last_bgsave_time_sec").orElse(0));
        return hasSavedSinceItsStart(info).orElse(false) && !info.is("rdb_bgsave_in_progress", "1")
                ? files.rdb()
                        .filter(rdb -> rdb.modifiedAt().getEpochSecond() < saved - slack)
                        .map(rdb -> Finding.unhealthy(
                                rdb.path() + " was written at "
                                        + rdb.modifiedAt().truncatedTo(ChronoUnit.SECONDS)
                                        + ", and this server has saved at " + Instant.ofEpochSecond(saved)
                                        + " (INFO rdb_last_save_time)",
                                "Redis writes its dump elsewhere, or an old one was put there: a restart loads that",
                                saveAgain(files, instance, config)))
                : Optional.empty();
    }

    /** Into the directory that the server stands in; one that lies over it, it sees after a restart alone. */
    private static String saveAgain(DataFiles files, InstanceState instance, Fields config) {
        Commands commands = Commands.of(instance);
        return commands.cli()
                + " BGSAVE # if that is told again, another file system lies over the server's directory: "
                + rescue(files.directory(), commands.confFile(), config, false, commands);
    }

    /** Redis 6 counts no saves; the time of the last one is that of its start until there is one. */
    private static Optional<Boolean> hasSavedSinceItsStart(Fields info) {
        long now = info.number("server_time_usec").orElse(0) / 1_000_000;
        long uptime = info.number("uptime_in_seconds").orElse(-1);
        long saved = info.number("rdb_last_save_time").orElse(-1);
        return now <= 0 || uptime < 0 || saved < 0 ? Optional.empty() : Optional.of(saved > now - uptime + 1);
    }

    /** Where a restart looks. */
    private static String wanted(DataFiles files, InstanceState instance) {
        return Optional.of(files.directory())
                .filter(directory -> !directory.isEmpty())
                .or(() -> instance.confFile().optional().flatMap(conf -> conf.text("dir")))
                .orElse("/var/lib/" + Commands.of(instance).owner());
    }

    /**
     * The server's working directory is the deleted one, where nothing can be saved, at its stop neither: the data leaves
     * as it would to a replica.
     */
    private static String rescue(String path, String conf, Fields config, boolean aof, Commands commands) {
        String directory = Commands.word(path);
        String dump = Commands.word(path + "/" + config.text("dbfilename").orElse("dump.rdb"));
        return "sudo install -d -o " + commands.owner() + " -g " + commands.owner() + " -m 0750 " + directory
                // With AOF on, a restart that finds no append-only files does not look at the dump.
                + (aof
                        ? " && sudo sed -i -E 's/^[[:space:]]*appendonly[[:space:]].*/appendonly no/I' " + conf + " && "
                                + commands.setNow("repl-diskless-sync", "yes")
                        : " && " + commands.setNow("repl-diskless-sync", "yes"))
                + " && sudo " + commands.cli() + " --rdb " + dump + " && sudo chown " + commands.owner() + ": " + dump
                + " && " + commands.cli() + " SHUTDOWN NOSAVE; " + commands.systemctl("start")
                + (aof ? " # then: sudo redis-warden apply" : "");
    }

    private static void addPlace(
            List<Finding> findings, Fields info, DataFiles files, InstanceState instance, Commands commands) {
        DataFiles.Place place = files.place();
        String directory = Commands.word(files.directory());
        if (place.fileSystem().isEmpty() || place.free().isEmpty()) {
            findings.add(Finding.unknown(
                    "the file system of " + files.directory() + " could not be found out (/proc/self/mountinfo)",
                    "whether it keeps what is written, and has room for it, is not known",
                    "findmnt -T " + directory));
        }
        if (FORGETFUL.contains(place.fileSystem())) {
            findings.add(Finding.degraded(
                    files.directory() + " is on " + place.fileSystem() + " (/proc/self/mountinfo)",
                    "a reboot, or a new container, begins with no data",
                    "findmnt -T " + directory + " # then move dir to a disk"));
        }
        if (place.readOnly()) {
            findings.add(Finding.unhealthy(
                    files.directory() + " is on a file system that is mounted read-only",
                    "nothing can be saved, and soon every write is refused",
                    "sudo mount -o remount,rw \"$(findmnt -no TARGET -T " + directory
                            + ")\" # if the kernel made it so: sudo dmesg | tail -n 50"));
        }
        OptionalInt user =
                instance.unit().flatMap(Reading::optional).map(UnitState::user).orElse(OptionalInt.empty());
        if (user.isPresent()
                && place.owner().isPresent()
                && user.getAsInt() != place.owner().getAsInt()
                && !place.writableByOthers()
                && !info.is("rdb_last_bgsave_status", "ok")) {
            boolean failed = info.is("rdb_last_bgsave_status", "err");
            findings.add(new Finding(
                    failed ? Status.UNHEALTHY : Status.UNKNOWN,
                    files.directory() + " belongs to user " + place.owner().getAsInt() + ", the server runs as user "
                            + user.getAsInt() + (failed ? "" : ", and INFO has no rdb_last_bgsave_status"),
                    failed ? "it cannot save there" : "whether it can save there is not known",
                    "sudo chown " + commands.owner() + ": " + directory));
        }
        long needed = rewrite(info, files);
        if (place.free().isPresent() && place.free().getAsLong() < needed) {
            findings.add(Finding.degraded(
                    files.directory() + " has " + Bytes.text(place.free().getAsLong())
                            + " free, and the next snapshot or rewrite takes about " + Bytes.text(needed),
                    "it fails, and then every write is refused",
                    "df -h " + directory + "; sudo du -xh --max-depth=2 /var | sort -h | tail"));
        } else if (dataset(info).isEmpty()) {
            findings.add(Finding.unknown(
                    "INFO memory has neither used_memory_dataset nor used_memory",
                    "whether the next snapshot or rewrite has room is not known",
                    commands.cli() + " INFO memory"));
        }
    }

    /** A snapshot or a rewrite is written beside the old one: as large as that, or as what came since. */
    private static long rewrite(Fields info, DataFiles files) {
        long last = Stream.of(files.rdb(), files.aof())
                .flatMap(Optional::stream)
                .mapToLong(DataFiles.File::size)
                .max()
                .orElse(0);
        // The last one may be old and small; in memory the same data takes at least twice as much.
        return Math.max(last, dataset(info).orElse(0) / 2);
    }

    private static OptionalLong dataset(Fields info) {
        return Stream.of("used_memory_dataset", "used_memory")
                .map(info::number)
                .filter(bytes -> bytes.orElse(-1) >= 0)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private static Optional<Finding> open(DataFiles files, Commands commands) {
        boolean readable = files.place().openToOthers()
                && Stream.of(files.rdb(), files.aof()).flatMap(Optional::stream).anyMatch(DataFiles.File::openToOthers);
        String directory = Commands.word(files.directory());
        return !readable && !files.place().writableByOthers()
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        files.directory() + " is open to every user of this host",
                        "sessions, tasks and their secrets can be read by all of them",
                        "sudo chmod 0750 " + directory + " && sudo chgrp " + commands.owner() + " " + directory));
    }
}
