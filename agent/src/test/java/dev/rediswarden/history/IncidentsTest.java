package dev.rediswarden.history;

import static dev.rediswarden.snapshot.Given.healthy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.check.Checkup;
import dev.rediswarden.check.Report;
import dev.rediswarden.history.Event.Kind;
import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told from one report to the next, and that nothing is where nothing has changed. */
class IncidentsTest {

    private static final Checkup CHECKUP = new Checkup(Checkup.STANDARD, Map.of());
    private static final Given HEALTHY = healthy().withInfo("run_id", "a1").withInfo("uptime_in_seconds", "500");

    private final Incidents incidents = new Incidents();
    private Report last = Report.none(Given.NOW);

    @TempDir
    private Path directory;

    @Test
    void whatStaysAsItIsIsNoEvent() {
        assertThat(after(HEALTHY)).as("the first look").isEmpty();
        assertThat(after(HEALTHY)).isEmpty();
    }

    @Test
    void aCheckThatIsToldOtherwiseIsOneAndSoIsTheWhole() {
        after(HEALTHY);
        List<Event> events = after(HEALTHY.with(Given.ping(Outcome.REFUSED, "Connection refused")));

        assertThat(events).extracting(Event::kind).containsOnly(Kind.STATUS);
        assertThat(events.get(0).subject()).isEqualTo("health");
        assertThat(events.get(0).text()).startsWith("unhealthy: ping: ");
        assertThat(events)
                .filteredOn(event -> event.subject().equals("ping"))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.redis()).isEqualTo("main");
                    assertThat(event.at()).isEqualTo(Given.NOW);
                    assertThat(event.text()).startsWith("unhealthy: ");
                });
    }

    @Test
    void aUnitThatHasFailedOrIsStartedAnewIsOne() {
        after(HEALTHY);
        assertThat(units(HEALTHY.with(Given.unit("loaded", "enabled", "failed", "failed", "oom-kill"))))
                .containsExactly("is failed, process 812, result oom-kill");
        assertThat(units(HEALTHY.with(Given.unit("loaded", "enabled", "activating", "start", "success"))))
                .as("on its way")
                .isEmpty();
        assertThat(units(HEALTHY)).containsExactly("is active, process 812");
        assertThat(units(HEALTHY.with(Given.unit("loaded", "enabled", "activating", "auto-restart", "signal"))))
                .containsExactly("ended, result signal; systemd starts it again");
    }

    @Test
    void anotherProcessIsARestartThoughNobodyAnsweredInBetween() {
        after(HEALTHY);
        after(HEALTHY.withServer(Reading.unknown(Reading.Cause.UNAVAILABLE, "refused")));
        List<Event> events = after(
                HEALTHY.withInfo("run_id", "b2").withInfo("process_id", "901").withInfo("uptime_in_seconds", "2"));

        assertThat(events)
                .filteredOn(event -> event.kind() == Kind.RESTART)
                .singleElement()
                .extracting(Event::text)
                .isEqualTo("a new process 901 answers, version 7.0.15, up for 2 s; before it was 812");
    }

    @Test
    void changedSettingsAreNamed() {
        after(HEALTHY);
        List<Event> events =
                after(HEALTHY.withConfig("maxmemory-policy", "allkeys-lru").withConfig("extra", ""));

        assertThat(events)
                .filteredOn(event -> event.kind() == Kind.CONFIG)
                .singleElement()
                .extracting(Event::text)
                .isEqualTo("extra is \"\", was not told; maxmemory-policy is allkeys-lru, was noeviction");
        assertThat(after(HEALTHY.withConfig(Given.unknown())))
                .as("what cannot be asked has not changed")
                .noneMatch(event -> event.kind() == Kind.CONFIG);
    }

    @Test
    void manyChangedSettingsAreOneEvent() {
        after(HEALTHY);
        Given changed = HEALTHY;
        for (int i = 0; i < 20; i++) {
            changed = changed.withConfig("setting-" + i, "\u001b[31m".repeat(1000));
        }
        assertThat(after(changed))
                .filteredOn(event -> event.kind() == Kind.CONFIG)
                .singleElement()
                .satisfies(
                        event -> assertThat(event.text()).hasSizeLessThan(420).doesNotContain("\u001b"));
    }

    @Test
    void whatHappensWhileTheDiskHangsWaitsForItInOneThread() throws IOException {
        Deque<Runnable> handed = new ArrayDeque<>();
        EventLog log = new EventLog(directory.resolve("history/events"), "rw-r-----");
        EventWriter writer = new EventWriter(log, handed::add);
        Report well = CHECKUP.examine(HEALTHY.snapshot("main"), last);
        Report down = CHECKUP.examine(
                HEALTHY.with(Given.ping(Outcome.REFUSED, "refused")).snapshot("main"), well);
        for (int round = 0; round < 1000; round++) {
            writer.published(well, down);
            writer.published(down, well);
        }
        assertThat(handed).hasSize(1);
        handed.remove().run();
        assertThat(log.newest(2000)).hasSize(500);

        writer.published(well, down);
        assertThat(handed).hasSize(1);
    }

    private List<String> units(Given given) {
        return after(given).stream()
                .filter(event -> event.kind() == Kind.UNIT)
                .map(Event::text)
                .toList();
    }

    private List<Event> after(Given given) {
        Report now = CHECKUP.examine(given.snapshot("main"), last);
        List<Event> events = incidents.between(last, now);
        last = now;
        return events;
    }
}
