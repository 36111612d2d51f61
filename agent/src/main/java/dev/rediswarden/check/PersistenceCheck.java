package dev.rediswarden.check;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Policy;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** What is in memory is also on disk, and a restart will load it. */
record PersistenceCheck() implements Check {

    /** How late a snapshot may be beyond its save point: time for the fork and the write. */
    private static final Duration GRACE = Duration.ofMinutes(5);

    /** How long one may take that has none before it to be measured by. */
    private static final Duration SNAPSHOT = Duration.ofMinutes(15);

    /** What says how the last writes went, and all that it may say. */
    private static final Map<String, Set<String>> OUTCOMES = Map.of(
            "rdb_last_bgsave_status", Set.of("ok", "err"),
            "aof_last_write_status", Set.of("ok", "err"),
            "aof_last_bgrewrite_status", Set.of("ok", "err"),
            "aof_enabled", Set.of("0", "1"));

    @Override
    public String name() {
        return "persistence";
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Commands commands = Commands.of(instance);
        return Asked.info(instance, (info, config) -> {
            List<Finding> findings = new ArrayList<>();
            addFailures(findings, info, commands);
            hangingRewrite(info, instance, commands).ifPresent(findings::add);
            addUntold(findings, info, commands);
            config.fold(
                    known -> addConfigured(findings, info, known, instance, snapshot, commands),
                    unknown -> findings.add(Asked.noConfig(unknown, commands)));
            return Verdict.of(findings, allWell(info, config.optional()));
        });
    }

    private static String allWell(Fields info, Optional<Fields> config) {
        String save = config.flatMap(c -> c.text("save")).orElse("");
        String aof = info.is("aof_enabled", "1") ? "AOF on" : "AOF off";
        return aof + (save.isEmpty() ? ", no save points" : ", save points " + save) + ", last writes succeeded";
    }

    private static void addFailures(List<Finding> findings, Fields info, Commands commands) {
        if (info.is("rdb_last_bgsave_status", "err")) {
            findings.add(Finding.unhealthy(
                    "INFO persistence: rdb_last_bgsave_status is err",
                    "the last snapshot failed, and a restart loses what came after the one before",
                    commands.journal() + "; df -h " + commands.dir() + "; " + commands.cli() + " BGSAVE"));
        }
        if (info.is("aof_last_write_status", "err")) {
            findings.add(Finding.unhealthy(
                    "INFO persistence: aof_last_write_status is err",
                    "writes do not reach the append-only file",
                    commands.journal() + "; df -h " + commands.dir()));
        }
        if (info.is("aof_last_bgrewrite_status", "err")) {
            findings.add(Finding.degraded(
                    "INFO persistence: aof_last_bgrewrite_status is err",
                    "the append-only file grows without bound",
                    commands.journal() + "; " + commands.cli() + " BGREWRITEAOF"));
        }
    }

    /** A server that does not tell how its last writes went has not said that they went well. */
    private static void addUntold(List<Finding> findings, Fields info, Commands commands) {
        String untold = OUTCOMES.entrySet().stream()
                .filter(field -> info.text(field.getKey())
                        .filter(field.getValue()::contains)
                        .isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .collect(Collectors.joining(", "));
        if (!untold.isEmpty()) {
            findings.add(Finding.unknown(
                    "INFO persistence lacks " + untold,
                    "whether data reaches the disk is not known",
                    commands.cli() + " INFO persistence"));
        }
    }

    /** Always true, so that it fits a fold. */
    private static boolean addConfigured(
            List<Finding> findings,
            Fields info,
            Fields config,
            InstanceState instance,
            Snapshot snapshot,
            Commands commands) {
        if (!(config.is("appendonly", "yes") || config.is("appendonly", "no"))
                || config.text("save").filter(SavePoints::arePairs).isEmpty()) {
            return findings.add(Finding.unknown(
                    "CONFIG GET lacks appendonly or save",
                    "whether data survives a restart is not known",
                    commands.cli() + " CONFIG GET appendonly"));
        }
        boolean aof = config.is("appendonly", "yes");
        String save = config.text("save").orElse("");
        addUnwished(findings, config, instance.policy(), commands);
        if (!aof
                && save.isEmpty()
                && (instance.policy().role().isBroker() || instance.policy().rdb())) {
            findings.add(Finding.degraded(
                    "CONFIG save is \"\" and appendonly is no",
                    "a restart loses everything, queued tasks too",
                    commands.set("save", "'3600 1 300 100 60 10000'")));
        }
        if (!aof && !save.isEmpty() && !isSaveTold(info)) {
            findings.add(Finding.unknown(
                    "INFO persistence lacks rdb_changes_since_last_save or rdb_last_save_time",
                    "whether snapshots are taken as configured is not known",
                    commands.cli() + " INFO persistence"));
        } else if (!aof && !save.isEmpty()) {
            late(info, save, instance, snapshot, commands).ifPresent(findings::add);
        }
        if (instance.unit().isEmpty()) {
            return true; // not run by this host's systemd: its files need not be this host's either
        }
        instance.confFile()
                .fold(
                        file -> addFileDiffers(findings, info, file, aof, commands),
                        unknown -> findings.add(noFile(unknown, commands)));
        return true;
    }

    /** What was stated in the agent's configuration, and is not so. */
    private static void addUnwished(List<Finding> findings, Fields config, Policy policy, Commands commands) {
        boolean aof = config.is("appendonly", "yes");
        if (policy.isStated("persistence") && policy.aof() && !aof) {
            findings.add(Finding.degraded(
                    "CONFIG appendonly is no, and the policy wants the append-only file",
                    "a crash loses what came after the last snapshot",
                    // Never in the file first: the next restart would load an append-only file that was never written.
                    "sudo redis-warden apply"));
        }
        if (policy.isStated("appendfsync") && aof && !config.is("appendfsync", policy.appendfsync())) {
            findings.add(Finding.degraded(
                    "CONFIG appendfsync is " + config.text("appendfsync").orElse("not told") + ", and the policy wants "
                            + policy.appendfsync(),
                    "a crash loses more or less than was decided",
                    commands.set("appendfsync", policy.appendfsync())));
        }
        if (policy.isStated("save") && policy.rdb() && !config.is("save", policy.save())) {
            findings.add(Finding.degraded(
                    "CONFIG save is '" + config.text("save").orElse("not told") + "', and the policy wants '"
                            + policy.save() + "'",
                    "snapshots are not taken as decided",
                    commands.set("save", "'" + policy.save() + "'")));
        }
    }

    private static boolean isSaveTold(Fields info) {
        return info.number("rdb_changes_since_last_save").orElse(-1) >= 0
                && info.number("rdb_last_save_time").orElse(-1) >= 0;
    }

    private static Optional<Finding> late(
            Fields info, String save, InstanceState instance, Snapshot snapshot, Commands commands) {
        OptionalLong longest = SavePoints.longestReached(
                save, info.number("rdb_changes_since_last_save").orElse(0));
        OptionalLong lastSave = info.number("rdb_last_save_time");
        if (longest.isEmpty() || lastSave.isEmpty() || isSaving(info)) {
            return Optional.empty();
        }
        long age = snapshot.takenAt().getEpochSecond() - lastSave.getAsLong();
        if (age <= longest.getAsLong() + GRACE.toSeconds()) {
            return Optional.empty();
        }
        String child = info.is("rdb_bgsave_in_progress", "1")
                ? "; one is under way for "
                        + info.text("rdb_current_bgsave_time_sec").orElse("?") + " s, and does not come to its end"
                : info.is("aof_rewrite_in_progress", "1")
                        ? "; a rewrite of the append-only file is under way for "
                                + info.text("aof_current_rewrite_time_sec").orElse("?")
                                + " s, and none begins beside it"
                        : "";
        return Optional.of(Finding.degraded(
                "INFO persistence: " + info.text("rdb_changes_since_last_save").orElse("?")
                        + " changes, and the last save is " + age + " s old, over the longest save point" + child,
                "snapshots are not taken as configured",
                child.isEmpty()
                        ? commands.cli() + " BGSAVE; " + commands.journal()
                        : goOn(instance, info, commands.cli() + " BGSAVE")));
    }

    /** Without the log, it keeps snapshots from being taken alone, of which the check tells as it does of these. */
    private static Optional<Finding> hangingRewrite(Fields info, InstanceState instance, Commands commands) {
        long lasting = info.number("aof_current_rewrite_time_sec").orElse(0);
        long usual = 3 * Math.max(0, info.number("aof_last_rewrite_time_sec").orElse(0));
        return info.is("aof_enabled", "1")
                        && info.is("aof_rewrite_in_progress", "1")
                        && lasting > Math.max(SNAPSHOT.toSeconds(), usual)
                ? Optional.of(Finding.degraded(
                        "INFO persistence: a rewrite of the append-only file is under way for " + lasting
                                + " s, and does not come to its end",
                        "the append-only file grows without bound, and no snapshot is taken",
                        goOn(instance, info, commands.cli() + " BGREWRITEAOF")))
                : Optional.empty();
    }

    /** One that takes much longer than the last one, or than any disk should need, hangs. */
    private static boolean isSaving(Fields info) {
        long usual = 3 * Math.max(0, info.number("rdb_last_bgsave_time_sec").orElse(0));
        return info.is("rdb_bgsave_in_progress", "1")
                && info.number("rdb_current_bgsave_time_sec").orElse(0) <= Math.max(SNAPSHOT.toSeconds(), usual);
    }

    /** The child that writes is its process's only one; ended by SIGUSR1 it counts as no failure, by others it does. */
    private static String goOn(InstanceState instance, Fields info, String again) {
        long pid = instance.unit()
                .flatMap(Reading::optional)
                .map(UnitState::mainPid)
                .filter(main -> main > 0)
                .orElse(info.number("process_id").orElse(0));
        return "ps -o pid,stat,etime,wchan:32,args --ppid " + pid + "; sudo pkill -CONT -P " + pid
                + " # if it never ends: sudo pkill -USR1 -P " + pid + "; " + again;
    }

    static Finding noFile(Reading.Unknown<Fields> unknown, Commands commands) {
        return Finding.unknown(
                "redis.conf is not known (" + unknown.detail() + ")",
                "what a restart will load is not known",
                "sudo usermod -aG " + commands.owner()
                        + " redis-warden && sudo systemctl restart redis-warden.service # or set config_file");
    }

    private static boolean isWritten(Fields info) {
        return info.is("aof_rewrite_in_progress", "0")
                && info.is("aof_rewrite_scheduled", "0")
                && info.is("aof_last_bgrewrite_status", "ok");
    }

    private static boolean addFileDiffers(
            List<Finding> findings, Fields info, Fields file, boolean aof, Commands commands) {
        boolean aofInFile = file.is("appendonly", "yes");
        if (aofInFile && !aof) {
            findings.add(Finding.unhealthy(
                    "redis.conf says appendonly yes, CONFIG says no",
                    "the next restart loads an append-only file that was never written, and loses everything",
                    commands.setNow("appendonly", "yes")));
        }
        if (aof && !aofInFile) {
            findings.add(Finding.degraded(
                    "CONFIG says appendonly yes, redis.conf does not",
                    "the next restart loads the older snapshot, and AOF is off again",
                    isWritten(info)
                            ? commands.cli() + " CONFIG REWRITE"
                            // Said in the file before its first rewrite is done, it would lose everything.
                            : commands.cli() + " INFO persistence # once aof_rewrite_in_progress and"
                                    + " aof_rewrite_scheduled are 0 and aof_last_bgrewrite_status is ok: "
                                    + commands.cli() + " CONFIG REWRITE"));
        }
        return true;
    }
}
