package dev.rediswarden.check;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.Verification;
import dev.rediswarden.snapshot.Verification.Kind;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Progress;
import dev.rediswarden.snapshot.Verification.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What was found in the data files when they were read whole; a part of the check files. A verdict counts for the file that
 * it was given for, and for no other that came into its place.
 */
record VerifiedFiles(InstanceState instance, Fields config, DataFiles files, Instant now) {

    /** Three runs of the timer, which were missed while the host was awake. */
    private static final Duration OVERDUE = Duration.ofHours(3);

    /** A run tells each second how far it is; one that was killed leaves its last word behind. */
    private static final Duration AT_WORK = Duration.ofMinutes(1);

    private static final String VERIFY = "sudo systemctl start redis-warden-verify.service";

    List<Finding> findings() {
        return instance.verification().fold(this::findings, this::unreadable);
    }

    private List<Finding> unreadable(Unknown<Verification> unknown) {
        return unknown.cause() == Cause.NOT_READ
                ? List.of()
                : List.of(Finding.unknown(
                        "what was verified could not be read (" + unknown.detail() + ")",
                        "whether the data files are whole is not known",
                        VERIFY));
    }

    private List<Finding> findings(Verification verification) {
        List<Finding> findings = new ArrayList<>();
        loaded(verification).stream()
                .filter(Verified::current)
                .forEach(file -> finding(file).ifPresent(findings::add));
        if (isOverdue(verification)) {
            findings.add(Finding.unknown(
                    "redis-warden-verify.timer is enabled, and no verification has come to its end for "
                            + verification.waiting().toHours() + " h",
                    "whether the data files are whole is not known",
                    "sudo systemctl restart redis-warden-verify.timer && " + VERIFY
                            + " # if that fails: sudo journalctl -u redis-warden-verify.service -n 50"));
        }
        return findings;
    }

    private boolean isOverdue(Verification verification) {
        return verification.scheduled()
                && verification.waiting().compareTo(OVERDUE) >= 0
                && atWork(verification).isEmpty();
    }

    private Optional<Progress> atWork(Verification verification) {
        return verification
                .progress()
                .filter(at -> Duration.between(at.at(), now).abs().compareTo(AT_WORK) < 0);
    }

    /** Of the settings that count now: the dump always, since it is a backup at least, and the append-only files with AOF. */
    private List<Verified> loaded(Verification verification) {
        return verification.files().stream()
                .filter(file -> file.kind() == Kind.DUMP
                        ? files.rdb()
                                .filter(dump -> dump.path().equals(file.path()))
                                .isPresent()
                        : isAof()
                                && files.aof()
                                        .filter(aof -> file.path().startsWith(aof.path()))
                                        .isPresent())
                .toList();
    }

    private boolean isAof() {
        return config.is("appendonly", "yes");
    }

    private Optional<Finding> finding(Verified file) {
        return switch (file.outcome()) {
            case GOOD, CHANGED -> Optional.empty();
            case DAMAGED -> Optional.of(damaged(file));
            case TORN -> Optional.of(torn(file));
            default ->
                Optional.of(Finding.unknown(
                        file.path() + " could not be verified (" + file.words() + ")",
                        "whether it is whole is not known",
                        mended(file)));
        };
    }

    private Finding damaged(Verified file) {
        String evidence =
                file.path() + " is damaged: offset " + file.offset() + " of " + file.size() + ": " + file.words();
        return file.kind() == Kind.DUMP && isAof()
                ? Finding.degraded(evidence, "as a backup it is worth nothing", rewritten(file))
                : Finding.unhealthy(
                        evidence,
                        file.kind().isGrowing()
                                ? "a restart refuses to load it, or loses all that comes behind"
                                : "a restart refuses to load it, and Redis does not come up",
                        rewritten(file));
    }

    private Finding torn(Verified file) {
        String evidence =
                file.path() + " ends in a command that is not whole, at offset " + file.offset() + ": " + file.words();
        return config.is("aof-load-truncated", "no")
                ? Finding.unhealthy(
                        evidence, "with aof-load-truncated no a restart refuses to load it", rewritten(file))
                : Finding.degraded(
                        evidence,
                        "a restart cuts off its last " + Bytes.text(file.size() - file.offset()),
                        rewritten(file));
    }

    /** What is in memory is right, and is written anew. */
    private String rewritten(Verified file) {
        return Commands.of(instance).cli() + (file.kind() == Kind.DUMP ? " BGSAVE && " : " BGREWRITEAOF && ") + VERIFY;
    }

    private String mended(Verified file) {
        boolean valkey = Commands.of(instance).owner().equals("valkey");
        return switch (file.outcome()) {
            case TOOL_MISSING -> "sudo apt install " + (valkey ? "valkey-tools" : "redis-tools") + " && " + VERIFY;
            case TOOL_KILLED ->
                "sudo systemctl edit redis-warden-verify.service # [Service], MemoryMax=50%, say; then: " + VERIFY;
            case NO_ROOM -> "df -h /var/tmp; sudo du -xh --max-depth=2 /var | sort -h | tail";
            case DENIED ->
                "sudo -u redis-warden head -c 9 " + Commands.word(file.path()) + " # it must be readable by the group "
                        + Commands.of(instance).owner();
            default -> rewritten(file);
        };
    }

    /** The verdict with a clause that says how far this is; what is wrong comes first. */
    Verdict told(Verdict verdict) {
        String clause = clause();
        String detail = verdict.findings().isEmpty() ? ", " + clause : " (" + clause + ")";
        return clause.isEmpty()
                ? verdict
                : new Verdict(verdict.status(), verdict.detail() + detail, verdict.findings(), verdict.latency());
    }

    private String clause() {
        return instance.verification()
                .optional()
                .map(verification ->
                        atWork(verification).map(VerifiedFiles::working).orElseGet(() -> verified(verification)))
                .orElse("");
    }

    private static String working(Progress at) {
        String name = at.path().substring(at.path().lastIndexOf('/') + 1);
        return "verifying " + name + ": " + at.percent() + " %";
    }

    private String verified(Verification verification) {
        List<Verified> all = loaded(verification);
        if (all.isEmpty()) {
            return verification.scheduled() ? "not verified yet" : "";
        }
        Optional<Verified> changed =
                all.stream().filter(file -> file.outcome() == Outcome.CHANGED).findFirst();
        if (changed.isPresent()) {
            return "not verified this time: " + changed.get().words();
        }
        Instant oldest = all.stream().map(Verified::at).min(Instant::compareTo).orElse(now);
        boolean replaced = all.stream().anyMatch(file -> !file.current());
        return "verified " + ago(oldest) + (replaced ? " and replaced since" : "");
    }

    private String ago(Instant at) {
        long minutes = Math.max(0, Duration.between(at, now).toMinutes());
        return minutes < 120
                ? minutes + " min ago"
                : minutes < 2880 ? minutes / 60 + " h ago" : minutes / 1440 + " d ago";
    }
}
