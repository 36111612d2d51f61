package dev.rediswarden.notify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Status;
import dev.rediswarden.notify.Receiver.Kind;
import dev.rediswarden.notify.Receiver.Pace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Alertmanager takes for resolved what it is not told of again: a real server in its place gets it all, and in time. */
class ReminderTest extends WithSpool {

    @Test
    void whatFiresIsToldAgainAndHasArrivedWhenARunEnds() throws Exception {
        try (Post post = new Post(0)) {
            Receiver alerts = alertmanager(post, AT_ONCE);
            spool(Status.UNHEALTHY);
            run(alerts);
            int known = post.got().size();
            for (int hour = 0; hour < 3; hour++) {
                now = now.plus(AlertBody.EVERY);
                run(alerts);
                assertThat(post.got()).hasSize(++known);
            }
            assertThat(post.got()).allSatisfy(got -> {
                assertThat(got.path()).isEqualTo("/hook/api/v2/alerts?x=1");
                assertThat(got.body()).contains("\"check\":\"ping\"");
            });
            run(alerts);
            assertThat(post.got()).as("before its time").hasSize(known);
        }
    }

    @Test
    void aReminderThatDidNotArriveIsNone() throws Exception {
        try (Post post = new Post(0)) {
            Receiver alerts = alertmanager(post, AT_ONCE);
            spool(Status.UNHEALTHY);
            run(alerts);
            now = now.plus(AlertBody.EVERY);
            post.answer(500, "");
            run(alerts);
            int known = post.got().size();
            post.answer(200, "");
            run(alerts);
            assertThat(post.got()).hasSize(known + 1);
            run(alerts);
            assertThat(post.got()).hasSize(known + 1);
        }
    }

    @Test
    void ofWhatHasNotLastedThereIsNoReminder() throws Exception {
        try (Post post = new Post(0)) {
            Receiver alerts = alertmanager(post, new Pace(Duration.ofSeconds(20), Duration.ZERO, 1000, WAITS));
            spool(Status.UNHEALTHY);
            run(alerts);
            now = now.plusSeconds(5);
            spool(Status.OK);
            run(alerts);
            now = now.plusSeconds(60);
            run(alerts);
            assertThat(post.got()).isEmpty();
            assertThat(Backlog.read(spool)).isEqualTo(Backlog.NONE);
        }
    }

    private static Receiver alertmanager(Post post, Pace pace) {
        return new Receiver("alerts", Kind.ALERTMANAGER, address(post.url()), Status.DEGRADED, List.of(), pace);
    }
}
