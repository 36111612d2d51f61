package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedTest {

    private final AtomicInteger examined = new AtomicInteger();
    private final Check remembered = new Remembered(new Check() {
        @Override
        public String name() {
            return "counted";
        }

        @Override
        public Verdict examine(InstanceState instance, Snapshot snapshot) {
            return Verdict.ok("examined " + examined.incrementAndGet());
        }
    });

    @Test
    void theSameReadingsAreJudgedOnce() {
        Snapshot before = healthy().snapshot("main");
        InstanceState main = before.instances().get(0);
        Ping slower = new Ping(Outcome.PONG, "127.0.0.1:6379", "", Duration.ofMillis(7), 0, OptionalLong.empty());
        InstanceState later = Given.copy(main, "ping", Reading.known(slower));
        remembered.examine(main, before);
        remembered.examine(
                later,
                new Snapshot(
                        Given.NOW.plusSeconds(1),
                        before.kernel(),
                        before.listeners(),
                        before.siteUnits(),
                        before.stewardship(),
                        List.of(later)));

        assertThat(examined).hasValue(1);
    }

    @Test
    void anyOtherReadingIsJudgedAnew() {
        judge(healthy(), "main");
        judge(healthy().with(ping(Outcome.MISCONF, "MISCONF")), "main");
        judge(healthy().withInfo("maxmemory", "7"), "main");
        judge(healthy().withConfig("save", ""), "main");
        judge(healthy().withListeners(Given.unknown()), "main");
        judge(healthy().withForecast(Given.unknown()), "main");
        judge(healthy().withKernel(Given.unknown()), "main");
        judge(healthy().withVerification(Given.unknown()), "main");
        judge(healthy().withOpenFiles(Given.unknown()), "main");

        assertThat(examined).hasValue(9);
    }

    @Test
    void instancesAreRememberedApart() {
        judge(healthy(), "main");
        judge(healthy(), "cache");

        assertThat(examined).hasValue(2);
    }

    private void judge(Given given, String name) {
        Snapshot snapshot = given.snapshot(name);
        remembered.examine(snapshot.instances().get(0), snapshot);
    }

    @Test
    void whatRootHasDecidedSinceIsJudgedAnew() {
        Snapshot before = healthy().snapshot("main");
        InstanceState main = before.instances().get(0);
        remembered.examine(main, before);
        remembered.examine(
                main,
                new Snapshot(
                        Given.NOW,
                        before.kernel(),
                        before.listeners(),
                        before.siteUnits(),
                        Reading.known(Stewardship.NONE),
                        before.instances()));

        assertThat(examined).hasValue(2);
    }
}
