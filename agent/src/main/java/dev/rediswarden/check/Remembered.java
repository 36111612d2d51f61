package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import java.util.HashMap;
import java.util.Map;

/**
 * A check whose verdict is kept while what it saw is the same: most readings change every ten seconds, and a cycle
 * comes each second. For checks that judge neither latency, nor the time, nor the unit's state. Used by one thread.
 */
final class Remembered implements Check {

    private record Judged(InstanceState instance, Snapshot snapshot, Verdict verdict) {

        /** Readings of the slow rhythm are the same objects until they are read anew: no need to look into them. */
        @SuppressWarnings("ReferenceEquality")
        boolean isFor(InstanceState now, Snapshot then) {
            return snapshot.kernel() == then.kernel()
                    && snapshot.listeners() == then.listeners()
                    && snapshot.siteUnits() == then.siteUnits()
                    && snapshot.stewardship() == then.stewardship()
                    && instance.server() == now.server()
                    && instance.confFile() == now.confFile()
                    && instance.files() == now.files()
                    && instance.openFiles() == now.openFiles()
                    && instance.verification() == now.verification()
                    && instance.forecast() == now.forecast()
                    && instance.unit().isPresent() == now.unit().isPresent()
                    && instance.unitName().equals(now.unitName())
                    && isSameAnswer(instance.ping(), now.ping());
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

    private final Check check;
    private final Map<String, Judged> last = new HashMap<>();

    Remembered(Check check) {
        this.check = check;
    }

    @Override
    public String name() {
        return check.name();
    }

    @Override
    public Verdict examine(InstanceState instance, Snapshot snapshot) {
        Judged judged = last.get(instance.name());
        if (judged == null || !judged.isFor(instance, snapshot)) {
            judged = new Judged(instance, snapshot, check.examine(instance, snapshot));
            last.put(instance.name(), judged);
        }
        return judged.verdict();
    }
}
