package dev.rediswarden.check;

import static dev.rediswarden.snapshot.Given.healthy;
import static dev.rediswarden.snapshot.Given.ping;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rediswarden.snapshot.Given;
import dev.rediswarden.snapshot.GivenSwarm;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Ping.Outcome;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.Stewardship;
import dev.rediswarden.snapshot.SwarmState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a loop finds again where nothing was read anew. */
class UnchangedTest {

    private static final Snapshot BEFORE = healthy().snapshot("main");

    private final AtomicInteger examined = new AtomicInteger();
    private final Check counted = new Check() {
        @Override
        public String name() {
            return "counted";
        }

        @Override
        public Verdict examine(InstanceState instance, Snapshot snapshot) {
            return Verdict.ok("examined " + examined.incrementAndGet());
        }
    };
    private final Checkup checkup = new Checkup(List.of(counted), Map.of(), Optional.of(Damping.STANDARD), Past.NONE);

    @Test
    void theSameReadingsAreJudgedOnce() {
        Ping slower = new Ping(Outcome.PONG, "127.0.0.1:6379", "", Duration.ofMillis(7), 0, OptionalLong.empty());
        Report first = checkup.examine(BEFORE, Report.none(Given.NOW));
        Report second = checkup.examine(
                after(Given.copy(BEFORE.instances().get(0), "ping", Reading.known(slower)), BEFORE.stewardship()),
                first);

        assertThat(examined).hasValue(1);
        assertThat(second.results().get(0)).isSameAs(first.results().get(0));
    }

    @Test
    void anyOtherReadingIsJudgedAnew() {
        Report report = checkup.examine(BEFORE, Report.none(Given.NOW));
        List<UnaryOperator<Given>> changes = List.of(
                given -> given.with(ping(Outcome.MISCONF, "MISCONF")),
                given -> given.withInfo("maxmemory", "7"),
                given -> given.withConfig("save", ""),
                given -> given.withListeners(Given.unknown()),
                given -> given.withForecast(Given.unknown()),
                given -> given.withKernel(Given.unknown()),
                given -> given.withVerification(Given.unknown()),
                given -> given.withOpenFiles(Given.unknown()));
        for (UnaryOperator<Given> change : changes) {
            checkup.examine(change.apply(healthy()).snapshot("main"), report);
        }

        assertThat(examined).hasValue(1 + changes.size());
    }

    @Test
    void aServiceThatWasAskedForAnewIsJudgedAnew() {
        Snapshot before = GivenSwarm.given(GivenSwarm.healthy()).snapshot("main");
        InstanceState main = main(before);
        SwarmState told = main.swarm().orElseThrow();
        Optional<SwarmState> same = Optional.of(new SwarmState(told.service(), told.engine(), told.found()));
        Optional<SwarmState> other = Optional.of(GivenSwarm.state(GivenSwarm.healthy()));

        assertThat(Unchanged.is(main, before, Given.copy(main, "swarm", same), before))
                .isTrue();
        assertThat(Unchanged.is(main, before, Given.copy(main, "swarm", other), before))
                .isFalse();
        assertThat(Unchanged.is(main, before, Given.copy(main, "swarm", Optional.empty()), before))
                .isFalse();
    }

    @Test
    void anotherInstanceIsJudgedForItself() {
        checkup.examine(healthy().snapshot("cache"), checkup.examine(BEFORE, Report.none(Given.NOW)));

        assertThat(examined).hasValue(2);
    }

    @Test
    void whatRootHasDecidedSinceIsJudgedAnew() {
        Report report = checkup.examine(BEFORE, Report.none(Given.NOW));
        checkup.examine(after(BEFORE.instances().get(0), Reading.known(Stewardship.NONE)), report);

        assertThat(examined).hasValue(2);
    }

    @Test
    void oneLookAloneFindsNothingAgain() {
        Checkup once = new Checkup(List.of(counted), Map.of());
        once.examine(BEFORE, once.examine(BEFORE, Report.none(Given.NOW)));

        assertThat(examined).hasValue(2);
    }

    @Test
    void whatGoesByTheClockIsJudgedEachTime() {
        Snapshot settled = BEFORE;

        assertThat(new PingCheck(3).isLasting(main(settled), settled)).isFalse();
        assertThat(new UnitCheck(UnitCheck.STUCK_AFTER).isLasting(main(settled), settled))
                .isTrue();
        assertThat(new IdentityCheck(Duration.ZERO).isLasting(main(settled), settled))
                .isTrue();
        assertThat(new IdentityCheck(Duration.ofDays(100_000)).isLasting(main(settled), settled))
                .as("a unit that has just changed its state is judged otherwise a while later")
                .isFalse();
    }

    @Test
    void aPauseIsNotToldForLongerThanItLasts() {
        Instant end = Given.NOW.plusSeconds(60);
        Snapshot paused = after(
                main(BEFORE),
                Reading.known(new Stewardship(Optional.of(end), Map.of(), Map.of(), Map.of(), Map.of(), List.of())));

        assertThat(new UnitCheck(UnitCheck.STUCK_AFTER).isLasting(main(paused), paused))
                .isFalse();
    }

    private static InstanceState main(Snapshot snapshot) {
        return snapshot.instances().get(0);
    }

    private static Snapshot after(InstanceState main, Reading<Stewardship> stewardship) {
        return new Snapshot(
                Given.NOW.plusSeconds(1),
                BEFORE.kernel(),
                BEFORE.listeners(),
                BEFORE.siteUnits(),
                stewardship,
                List.of(main));
    }
}
