package dev.rediswarden.check;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is on disk is what Redis writes, where it can go on writing, and where nobody else reads it. */
record FilesCheck() implements Check {

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
        Fields config = look.config();
        if (!config.is("appendonly", "yes") && !config.is("appendonly", "no")) {
            return Verdict.of(Finding.unknown(
                    "CONFIG GET has no appendonly",
                    "which files a restart loads is not known",
                    Commands.of(instance).cli() + " CONFIG GET appendonly"));
        }
        List<Finding> findings = new ArrayList<>();
        new MissingFiles(instance, look.info(), config, files).finding().ifPresent(findings::add);
        if (files.directoryExists()) {
            findings.addAll(new DataPlace(instance, look.info(), config, files).findings());
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
}
