package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import dev.rediswarden.snapshot.SwarmState;
import dev.rediswarden.snapshot.UnitState;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether two cycles saw the same: most readings change every ten seconds, and a cycle comes each second. */
final class Unchanged {

    private Unchanged() {}

    /** Readings are the same objects until they are read anew: no need to look into them. */
    @SuppressWarnings("ReferenceEquality")
    static boolean is(InstanceState was, Snapshot before, InstanceState now, Snapshot then) {
        return before.kernel() == then.kernel()
                && before.listeners() == then.listeners()
                && before.siteUnits() == then.siteUnits()
                && before.stewardship() == then.stewardship()
                && was.policy() == now.policy()
                && unit(was.unit()) == unit(now.unit())
                && was.server() == now.server()
                && was.confFile() == now.confFile()
                && was.files() == now.files()
                && was.openFiles() == now.openFiles()
                && was.verification() == now.verification()
                && was.forecast() == now.forecast()
                && service(was.swarm()) == service(now.swarm())
                && isSameAnswer(was.ping(), now.ping());
    }

    private static @Nullable Reading<UnitState> unit(Optional<Reading<UnitState>> of) {
        return of.isPresent() ? of.get() : null;
    }

    private static @Nullable Reading<?> service(Optional<SwarmState> of) {
        return of.isPresent() ? of.get().found() : null;
    }

    /** Without what differs from one PING to the next though nothing has changed. */
    private static boolean isSameAnswer(Reading<Ping> before, Reading<Ping> now) {
        return (before instanceof Reading.Known<Ping> was && now instanceof Reading.Known<Ping> is)
                ? was.value().outcome() == is.value().outcome()
                        && was.value().address().equals(is.value().address())
                        && was.value().reply().equals(is.value().reply())
                : before.equals(now);
    }
}
