package dev.rediswarden.check;

import dev.rediswarden.check.Course.Held;
import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.ServerState;
import dev.rediswarden.snapshot.SiteState;
import dev.rediswarden.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps a verdict from flapping. What is worse is told at once; only that something which was ok is now unknown waits
 * while an answer is late, as it may come. What is better is told once enough cycles in a row show it, and then as bad
 * as the worst of them.
 *
 * @param goodCycles in a row until what is better is told
 * @param lateCycles in a row until what is not known for want of an answer is told
 * @param apart cycles closer to each other than this count as one
 */
record Damping(int goodCycles, int lateCycles, Duration apart) {

    /** A cycle that a signal has hurried counts, a burst of them does not: each is to be another answer of Redis. */
    static final Damping STANDARD = new Damping(2, 3, Duration.ofMillis(80));

    /**
     * @param before empty for the first cycle, which is told as it is
     * @param late whether an answer on which the verdict may rest did not come in time
     * @param at when the cycle's snapshot was taken
     */
    Course next(Optional<Course> before, Verdict found, boolean late, Instant at) {
        return before.map(course -> next(course, found, late, at)).orElseGet(() -> Course.of(found));
    }

    private Course next(Course course, Verdict found, boolean late, Instant at) {
        Status told = course.told().status();
        int change = found.status().compareTo(told);
        boolean news = told == Status.UNKNOWN && !course.known();
        if (change < 0 && found.status() != Status.OFF && !news) {
            return better(course, found, at);
        }
        if (late && told == Status.OK && found.status() == Status.UNKNOWN) {
            return unconfirmed(course, found, at);
        }
        return now(course, found);
    }

    private static Course now(Course course, Verdict found) {
        return new Course(found, course.known() || found.status() != Status.UNKNOWN, Optional.empty());
    }

    private Course better(Course course, Verdict found, Instant at) {
        Held held = course.held().filter(newer -> course.isRecovering()).orElse(null);
        if (held == null) {
            return hold(course, new Held(found, at, 1));
        }
        Verdict worst = found.status().compareTo(held.worst().status()) >= 0 ? found : held.worst();
        if (isSoonAfter(held.at(), at)) {
            return hold(course, new Held(worst, held.at(), held.cycles()));
        }
        if (held.cycles() + 1 < goodCycles) {
            return hold(course, new Held(worst, at, held.cycles() + 1));
        }
        Course confirmed = now(course, worst);
        return worst.status() == found.status() ? confirmed : hold(confirmed, new Held(found, at, 1));
    }

    private Course unconfirmed(Course course, Verdict found, Instant at) {
        Held held = course.held().orElse(null);
        if (held == null) {
            return hold(course, new Held(found, at, 1));
        }
        if (isSoonAfter(held.at(), at)) {
            return course;
        }
        return held.cycles() + 1 < lateCycles
                ? hold(course, new Held(found, at, held.cycles() + 1))
                : now(course, found);
    }

    /** Not where the clock was set back: what is held then would be so for as long. */
    private boolean isSoonAfter(Instant before, Instant at) {
        return !at.isBefore(before) && Duration.between(before, at).compareTo(apart) < 0;
    }

    private static Course hold(Course course, Held held) {
        return new Course(course.told(), course.known(), Optional.of(held));
    }

    /** The verdict in force, which says where it is held, and against what. */
    Verdict shown(Course course) {
        return course.held().map(held -> marked(course, held)).orElse(course.told());
    }

    private Verdict marked(Course course, Held held) {
        Verdict told = course.told();
        String mark = course.isRecovering()
                ? "not seen for " + held.cycles() + " of " + goodCycles + " cycles"
                : "not confirmed for " + held.cycles() + " of " + lateCycles + " cycles: "
                        + held.worst().detail();
        String detail = told.detail() + " (" + mark + ")";
        return new Verdict(told.status(), detail, told.findings(), told.latency());
    }

    /** Whether anything that an instance is judged by did not come in time. */
    static boolean isLate(InstanceState instance, Snapshot snapshot) {
        return (instance.ping() instanceof Reading.Known<Ping> ping
                        && ping.value().outcome() == Ping.Outcome.TIMEOUT)
                || (instance.server() instanceof Reading.Known<ServerState> server
                        && hasTimedOut(server.value().config()))
                || (instance.unit().isPresent() && hasTimedOut(instance.unit().get()))
                || hasTimedOut(instance.ping())
                || hasTimedOut(instance.server())
                || hasTimedOut(instance.confFile())
                || hasTimedOut(instance.files())
                || hasTimedOut(instance.openFiles())
                || hasTimedOut(snapshot.kernel())
                || hasTimedOut(snapshot.listeners())
                || hasTimedOut(snapshot.siteUnits())
                || (instance.swarm().isPresent()
                        && hasTimedOut(instance.swarm().get().found()));
    }

    static boolean isLate(SiteState site) {
        return hasTimedOut(site.answer()) || hasTimedOut(site.backup());
    }

    private static boolean hasTimedOut(Reading<?> reading) {
        return reading instanceof Reading.Unknown<?> unknown && unknown.cause() == Reading.Cause.TIMEOUT;
    }
}
