package dev.rediswarden;

import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.Announcements.Line;
import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.check.Status;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSite;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Snapshot;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the journal hears of a change: the cause first, and all that wait for it in one line. */
class AnnouncementsTest {

    private static final Report NONE = Report.none(Given.NOW);
    private static final Report OK = report(healthy().snapshot("main"), NONE);
    private static final Report DOWN = report(
            healthy().with(Given.ping(Outcome.REFUSED, "Connection refused")).snapshot("main"), OK);

    @Test
    void aStoppedRedisIsItsCauseAndOneLineForAllThatWaitForIt() {
        assertThat(Announcements.lines(OK, DOWN))
                .satisfiesExactly(
                        line -> assertThat(line.text())
                                .startsWith("ping is unhealthy: 127.0.0.1:6379 cannot be reached")
                                .contains("; mend with: sudo systemctl start redis-server.service"),
                        line -> assertThat(line)
                                .isEqualTo(new Line(
                                        Status.UNKNOWN,
                                        "writable, identity, auth, persistence, files, memory, eviction, celery, kernel,"
                                                + " clients, latency, drift, intrusion are unknown: Redis does"
                                                + " not answer: this waits for ping")));
    }

    @Test
    void itsReturnIsTwoLinesAsWell() {
        assertThat(Announcements.lines(DOWN, OK))
                .extracting(Line::text)
                .containsExactly(
                        "ping is ok: PONG from 127.0.0.1:6379 in 0.31 ms",
                        "writable, identity, auth, persistence, files, memory, eviction, celery, kernel, clients, latency,"
                                + " drift, intrusion are ok");
    }

    @Test
    void whatHasNotChangedIsNotTold() {
        assertThat(Announcements.lines(OK, OK)).isEmpty();
    }

    @Test
    void aSiteThatWasNotAskedYetIsNoChangeAndWhatItAnswersThenIs() {
        GivenSite site = GivenSite.healthy();
        Report unread = report(
                site.withAnswer(Reading.unknown(Cause.NOT_READ, "not read yet")).snapshot(), OK);
        Report denied = report(site.withAnswer(Given.unknown()).snapshot(), unread);

        assertThat(Announcements.lines(OK, unread)).isEmpty();
        assertThat(Announcements.lines(unread, report(site.snapshot(), unread))).isEmpty();
        assertThat(Announcements.lines(unread, denied))
                .extracting(Line::text)
                .allMatch(line -> line.startsWith("acme/health is unknown: this user may not read it"))
                .hasSize(1);
    }

    private static Report report(Snapshot snapshot, Report before) {
        return new Checkup(Checkup.STANDARD, Map.of()).examine(snapshot, before);
    }
}
