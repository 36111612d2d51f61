package dev.rediswarden.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is found, in whatever order and at whatever times. */
class DampingPropertyTest {

    private static final long SEED = 20_260_104;
    private static final List<Status> STATUSES = List.of(Status.values());
    private static final Damping DAMPING = Damping.STANDARD;

    /**
     * @param late whether an answer was late
     * @param shown what was made of it
     */
    private record Step(Status found, boolean late, Instant at, Status shown) {}

    @Test
    void noSequenceIsToldBetterThanItsLastTwoAndTheWorseIsToldAtOnce() {
        Random random = new Random(SEED);
        for (int sequence = 0; sequence < 1_000; sequence++) {
            List<Step> steps = sequence(random);
            boolean known = false;
            for (int i = 1; i < steps.size(); i++) {
                Step before = steps.get(i - 1);
                Step step = steps.get(i);
                known |= before.found() != Status.UNKNOWN;
                String as = "seed " + SEED + ", sequence " + sequence + ", step " + i + ": " + steps;
                boolean unconfirmed = step.late() && step.found() == Status.UNKNOWN && before.shown() == Status.OK;
                if (step.found() == Status.OFF || !known) {
                    assertThat(step.shown()).as(as).isEqualTo(step.found());
                } else if (unconfirmed) {
                    assertThat(step.shown()).as(as).isIn(Status.OK, Status.UNKNOWN);
                } else {
                    assertThat(step.shown()).as(as).isGreaterThanOrEqualTo(step.found());
                    if (step.found().compareTo(before.shown()) >= 0) {
                        assertThat(step.shown()).as(as).isEqualTo(step.found());
                    } else if (!before.late()) {
                        assertThat(step.shown()).as(as).isGreaterThanOrEqualTo(before.found());
                    }
                }
                assertThat(step.shown()).as(as).isIn(foundUntil(steps, i));
            }
        }
    }

    /** A fault that passes is gone after two good cycles, and what stays unknown is told after three. */
    @Test
    void whateverWasBeforeSteadyFindingsAreTold() {
        Random random = new Random(SEED);
        for (int sequence = 0; sequence < 1_000; sequence++) {
            Optional<Course> course = Optional.empty();
            Instant at = Instant.EPOCH;
            for (Step step : sequence(random)) {
                course = Optional.of(DAMPING.next(course, verdict(step.found()), step.late(), step.at()));
                at = step.at();
            }
            Status steady = STATUSES.get(random.nextInt(STATUSES.size()));
            for (int i = 0; i < DAMPING.lateCycles() + DAMPING.goodCycles(); i++) {
                at = at.plus(DAMPING.apart());
                course = Optional.of(DAMPING.next(course, verdict(steady), random.nextBoolean(), at));
            }
            assertThat(shown(course.orElseThrow()))
                    .as("seed %s, sequence %s", SEED, sequence)
                    .isEqualTo(steady);
        }
    }

    /** However many cycles: what was told as bad stays so until good ones are apart. */
    @Test
    void noBurstOfCyclesIsTwo() {
        Random random = new Random(SEED);
        for (int sequence = 0; sequence < 300; sequence++) {
            Course course = DAMPING.next(Optional.empty(), verdict(Status.UNHEALTHY), false, Instant.EPOCH);
            Instant first = Instant.EPOCH.plusMillis(random.nextInt(1_000));
            Instant at = first;
            while (Duration.between(first, at).compareTo(DAMPING.apart()) < 0) {
                course = DAMPING.next(Optional.of(course), verdict(Status.OK), random.nextBoolean(), at);
                assertThat(shown(course)).as("seed %s, %s", SEED, at).isEqualTo(Status.UNHEALTHY);
                at = at.plusMillis(random.nextInt(30));
            }
            assertThat(shown(DAMPING.next(Optional.of(course), verdict(Status.OK), false, at)))
                    .isEqualTo(Status.OK);
        }
    }

    private static List<Step> sequence(Random random) {
        List<Step> steps = new ArrayList<>();
        Optional<Course> course = Optional.empty();
        Instant at = Instant.EPOCH;
        for (int i = random.nextInt(20); i >= 0; i--) {
            Status found = STATUSES.get(random.nextInt(STATUSES.size()));
            boolean late = random.nextInt(3) == 0;
            at = at.plusMillis(random.nextInt(10) == 0 ? -random.nextInt(5_000) : random.nextInt(300));
            Course next = DAMPING.next(course, verdict(found), late, at);
            steps.add(new Step(found, late, at, shown(next)));
            course = Optional.of(next);
        }
        return steps;
    }

    private static List<Status> foundUntil(List<Step> steps, int last) {
        return steps.subList(0, last + 1).stream().map(Step::found).toList();
    }

    private static Status shown(Course course) {
        return DAMPING.shown(course).status();
    }

    private static Verdict verdict(Status status) {
        return switch (status) {
            case OFF -> Verdict.off("off");
            case OK -> Verdict.ok("well");
            case UNKNOWN -> Verdict.of(Finding.unknown("seen", "follows", "mend"));
            case DEGRADED -> Verdict.of(Finding.degraded("seen", "follows", "mend"));
            case UNHEALTHY -> Verdict.of(Finding.unhealthy("seen", "follows", "mend"));
        };
    }
}
