package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Ping;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A check whose verdict is kept while what it saw is the same: most readings change every ten seconds, and a cycle
 * comes each second. For checks that judge neither latency nor the time. Used by one thread.
 */
final class Remembered implements Check {

    private record Seen(InstanceState instance, Reading<List<Listener>> listeners) {}

    private record Judged(Seen seen, Verdict verdict) {}

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
        Seen seen = new Seen(withoutTimes(instance), snapshot.listeners());
        Judged judged = last.get(instance.name());
        if (judged == null || !judged.seen().equals(seen)) {
            judged = new Judged(seen, check.examine(instance, snapshot));
            last.put(instance.name(), judged);
        }
        return judged.verdict();
    }

    private static InstanceState withoutTimes(InstanceState instance) {
        return new InstanceState(
                instance.name(),
                instance.unit(),
                instance.ping().map(Ping::withoutTimes),
                instance.server(),
                instance.confFile(),
                instance.files());
    }
}
