package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.DIR;
import static dev.rediswarden.snapshot.Given.NOW;
import static dev.rediswarden.snapshot.Given.PLACE;
import static dev.rediswarden.snapshot.Given.file;
import static dev.rediswarden.snapshot.Given.healthy;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Verification;
import dev.rediswarden.snapshot.Verification.Kind;
import dev.rediswarden.snapshot.Verification.Outcome;
import dev.rediswarden.snapshot.Verification.Progress;
import dev.rediswarden.snapshot.Verification.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the check files makes of what was verified. */
class VerifiedFilesTest {

    private static final Instant EARLIER = NOW.minus(Duration.ofMinutes(12));
    private static final Given AOF = healthy()
            .withConfig("appendonly", "yes")
            .withFiles(Reading.known(new DataFiles(
                    DIR,
                    true,
                    Optional.of(file("dump.rdb")),
                    Optional.of(file("appendonlydir")),
                    Reading.known(List.of()),
                    PLACE)));
    private static final String INCREMENT = "appendonlydir/appendonly.aof.1.incr.aof";

    @ParameterizedTest
    @MethodSource
    void rows(Expected row) {
        row.holdsFor(new FilesCheck());
    }

    static Stream<Expected> rows() {
        Verified bad = verified("dump.rdb", Kind.DUMP, Outcome.DAMAGED, true);
        Verified torn = verified(INCREMENT, Kind.INCREMENT, Outcome.TORN, true);
        return Stream.of(
                ok("never verified is no finding", scheduled(Duration.ZERO), "not verified yet"),
                ok("a timer that is off does not nag", Verification.NONE, "dump.rdb (88 B), 10.0 GiB free"),
                ok(
                        "what is good says when",
                        of(verified("dump.rdb", Kind.DUMP, Outcome.GOOD, true)),
                        "verified 12 min ago"),
                ok(
                        "a verdict on a file that was replaced is none on the one that is there",
                        of(verified("dump.rdb", Kind.DUMP, Outcome.DAMAGED, false)),
                        "verified 12 min ago and replaced since"),
                ok(
                        "so is one on a file of another name",
                        of(verified("old.rdb", Kind.DUMP, Outcome.DAMAGED, true)),
                        ""),
                ok(
                        "AOF files that are not loaded any more are nobody's concern",
                        of(verified(INCREMENT, Kind.INCREMENT, Outcome.DAMAGED, true)),
                        ""),
                ok(
                        "what changed under the look is told, and no damage",
                        of(verified("dump.rdb", Kind.DUMP, Outcome.CHANGED, true)),
                        "not verified this time"),
                row(
                        "a damaged dump is unhealthy",
                        healthy(),
                        of(bad),
                        Status.UNHEALTHY,
                        "offset 44 of 88: words",
                        "BGSAVE &&"),
                row("with AOF it is a damaged backup", AOF, of(bad), Status.DEGRADED, "as a backup", "BGSAVE &&"),
                row(
                        "a damaged increment is unhealthy",
                        AOF,
                        of(verified(INCREMENT, Kind.INCREMENT, Outcome.DAMAGED, true)),
                        Status.UNHEALTHY,
                        "loses all that comes behind",
                        "BGREWRITEAOF && sudo systemctl start redis-warden-verify.service"),
                row(
                        "a damaged base is unhealthy",
                        AOF,
                        of(verified("appendonlydir/a.base.rdb", Kind.BASE, Outcome.DAMAGED, true)),
                        Status.UNHEALTHY,
                        "does not come up",
                        "BGREWRITEAOF"),
                row("a torn tail is cut off", AOF, of(torn), Status.DEGRADED, "cuts off its last 44 B", "BGREWRITEAOF"),
                row(
                        "or keeps Redis from starting",
                        AOF.withConfig("aof-load-truncated", "no"),
                        of(torn),
                        Status.UNHEALTHY,
                        "refuses to load it",
                        "BGREWRITEAOF"),
                unknown("a missing tool is unknown", Outcome.TOOL_MISSING, "sudo apt install redis-tools"),
                unknown("a killed one too", Outcome.TOOL_KILLED, "MemoryMax"),
                unknown("and no room", Outcome.NO_ROOM, "df -h /var/tmp"),
                unknown("and a file that may not be read", Outcome.DENIED, "sudo -u redis-warden head"),
                unknown("and words that are not understood", Outcome.NOT_UNDERSTOOD, "BGSAVE"),
                row(
                        "a timer that does not run any more is unknown",
                        healthy(),
                        scheduled(Duration.ofHours(3)),
                        Status.UNKNOWN,
                        "for 3 h",
                        "systemctl restart redis-warden-verify.timer"),
                ok("before three of its runs were missed it is not", scheduled(Duration.ofMinutes(179)), ""),
                ok(
                        "a run that goes on is not missed",
                        working(Duration.ofHours(9), NOW.minusSeconds(3)),
                        "verifying dump.rdb: 42 %"),
                row(
                        "one that was killed is",
                        healthy(),
                        working(Duration.ofHours(9), NOW.minusSeconds(300)),
                        Status.UNKNOWN,
                        "for 9 h",
                        "systemctl restart"),
                new Expected(
                        "a file that cannot be read is unknown with its reason",
                        healthy().withVerification(Reading.unknown(Cause.FAILED, "none that redis-warden wrote")),
                        Status.UNKNOWN,
                        "none that redis-warden wrote",
                        "redis-warden-verify.service"),
                new Expected(
                        "what was not read yet is no finding",
                        healthy().withVerification(Reading.unknown(Cause.NOT_READ, "not read yet")),
                        Status.OK,
                        "",
                        ""));
    }

    private static Verification of(Verified file) {
        return new Verification(true, Duration.ZERO, Optional.empty(), List.of(file));
    }

    private static Verification scheduled(Duration waiting) {
        return new Verification(true, waiting, Optional.empty(), List.of());
    }

    private static Verification working(Duration waiting, Instant at) {
        return new Verification(
                true,
                waiting,
                Optional.of(new Progress(DIR + "/dump.rdb", 551_000_000, 1_300_000_000, EARLIER, at)),
                List.of());
    }

    private static Verified verified(String name, Kind kind, Outcome outcome, boolean current) {
        return new Verified(DIR + "/" + name, kind, outcome, 44, 88, "words", EARLIER, current);
    }

    private static Expected ok(String sentence, Verification verification, String detail) {
        return row(sentence, healthy(), verification, Status.OK, detail, "");
    }

    private static Expected unknown(String sentence, Outcome outcome, String remedy) {
        return row(
                sentence,
                healthy(),
                of(verified("dump.rdb", Kind.DUMP, outcome, true)),
                Status.UNKNOWN,
                "could not be verified (words)",
                remedy);
    }

    private static Expected row(
            String sentence, Given given, Verification verification, Status status, String detail, String remedy) {
        return new Expected(sentence, given.withVerification(Reading.known(verification)), status, detail, remedy);
    }
}
