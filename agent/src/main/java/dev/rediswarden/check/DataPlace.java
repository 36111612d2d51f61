package dev.rediswarden.check;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.UnitState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Where the data files are: whether they last there, have room, and are read by nobody else; a part of the check files. */
record DataPlace(InstanceState instance, Fields info, Fields config, DataFiles files, Commands commands) {

    /** File systems that a reboot, or the end of a container, empties. */
    private static final Set<String> FORGETFUL = Set.of("tmpfs", "ramfs", "overlay", "squashfs");

    /** Whose mode and owner are others' as well: made Redis' own, the host does not work any more. */
    private static final Set<String> SHARED = Set.of(
            "/",
            "/dev/shm",
            "/etc",
            "/home",
            "/media",
            "/mnt",
            "/opt",
            "/root",
            "/run",
            "/srv",
            "/tmp",
            "/usr",
            "/var",
            "/var/cache",
            "/var/lib",
            "/var/log",
            "/var/run",
            "/var/spool",
            "/var/tmp");

    /** With its temporary file, an append-only rewrite makes three, and the manifest anew. */
    private static final int FILES_OF_A_REWRITE = 8;

    DataPlace(InstanceState instance, Fields info, Fields config, DataFiles files) {
        this(instance, info, config, files, Commands.of(instance));
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        open().ifPresent(findings::add);
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
        if (isWrittenTo()) {
            addWritable(findings, place, directory);
            addRoom(findings);
        }
        return findings;
    }

    /** A cache that is to be empty after a restart needs no room, and no right to write. */
    private boolean isWrittenTo() {
        return !(config.is("appendonly", "no") && config.is("save", ""));
    }

    private void addWritable(List<Finding> findings, DataFiles.Place place, String directory) {
        if (place.readOnly()) {
            findings.add(Finding.unhealthy(
                    files.directory() + " is on a file system that is mounted read-only",
                    "nothing can be saved, and soon every write is refused",
                    "sudo mount -o remount,rw \"$(findmnt -no TARGET -T " + directory
                            + ")\" # if the kernel made it so: sudo dmesg | tail -n 50"));
        }
        OptionalInt user =
                instance.unit().flatMap(Reading::optional).map(UnitState::user).orElse(OptionalInt.empty());
        if (user.isEmpty()
                || place.owner().isEmpty()
                || user.getAsInt() == place.owner().getAsInt()
                || place.writableByOthers()) {
            return;
        }
        boolean failed = info.is("rdb_last_bgsave_status", "err");
        // Through its group it may well be let in, and then its last save says so.
        if (place.writableByGroup() && info.is("rdb_last_bgsave_status", "ok")) {
            return;
        }
        boolean certain = failed || !place.writableByGroup();
        findings.add(new Finding(
                certain ? Status.UNHEALTHY : Status.UNKNOWN,
                files.directory() + " belongs to user " + place.owner().getAsInt() + ", the server runs as user "
                        + user.getAsInt() + (certain ? "" : ", and INFO has no rdb_last_bgsave_status"),
                !certain
                        ? "whether it can save there is not known"
                        : failed ? "it cannot save there" : "the next snapshot fails, and then every write is refused",
                ownPlace("sudo chown " + commands.owner() + ": " + directory)));
    }

    private String ownPlace(String remedy) {
        return SHARED.contains(files.directory())
                ? "sudoedit " + commands.confFile() + " # with a dir of Redis' own, /var/lib/" + commands.owner()
                        + ", and its files moved there with Redis stopped"
                : remedy;
    }

    /** Of bytes, and of files: a disk that has either alone takes nothing more. */
    private void addRoom(List<Finding> findings) {
        DataFiles.Place place = files.place();
        String directory = Commands.word(files.directory());
        if (place.inodes().orElse(FILES_OF_A_REWRITE) < FILES_OF_A_REWRITE) {
            findings.add(Finding.degraded(
                    files.directory() + " is on a file system that has "
                            + place.inodes().getAsLong() + " free inodes",
                    "the next snapshot or rewrite cannot make its files, and then every write is refused",
                    "df -i " + directory + "; sudo du -x --inodes --max-depth=3 /var | sort -n | tail"));
        }
        long needed = rewrite();
        if (place.free().isPresent() && place.free().getAsLong() < needed) {
            findings.add(Finding.degraded(
                    files.directory() + " has " + Bytes.text(place.free().getAsLong())
                            + " free, and the next snapshot or rewrite takes about " + Bytes.text(needed),
                    "it fails, and then every write is refused",
                    "df -h " + directory + "; sudo du -xh --max-depth=2 /var | sort -h | tail"));
        } else if (dataset().isEmpty()) {
            findings.add(Finding.unknown(
                    "INFO memory has neither used_memory_dataset nor used_memory",
                    "whether the next snapshot or rewrite has room is not known",
                    commands.cli() + " INFO memory"));
        }
    }

    /** A snapshot or a rewrite is written beside the old one: as large as that, or as what came since. */
    private long rewrite() {
        long last = Stream.of(files.rdb(), files.aof())
                .flatMap(Optional::stream)
                .mapToLong(DataFiles.File::size)
                .max()
                .orElse(0);
        // The last one may be old and small; in memory the same data takes at least twice as much.
        return Math.max(last, dataset().orElse(0) / 2);
    }

    private OptionalLong dataset() {
        return Stream.of("used_memory_dataset", "used_memory")
                .map(info::number)
                .filter(bytes -> bytes.orElse(-1) >= 0)
                .findFirst()
                .orElse(OptionalLong.empty());
    }

    private Optional<Finding> open() {
        boolean readable = files.place().openToOthers()
                && Stream.of(files.rdb(), files.aof()).flatMap(Optional::stream).anyMatch(DataFiles.File::openToOthers);
        String directory = Commands.word(files.directory());
        return !readable && !files.place().writableByOthers()
                ? Optional.empty()
                : Optional.of(Finding.degraded(
                        files.directory() + " is open to every user of this host",
                        "sessions, tasks and their secrets can be read by all of them",
                        ownPlace("sudo chmod 0750 " + directory + " && sudo chgrp " + commands.owner() + " "
                                + directory)));
    }
}
