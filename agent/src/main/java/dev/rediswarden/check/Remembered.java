package dev.rediswarden.check;

import dev.rediswarden.snapshot.InstanceState;
import dev.rediswarden.snapshot.Listener;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Snapshot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A check whose verdict is kept while what it saw is the same: most readings change every ten seconds, and a cycle
 * comes each second. For checks that judge neither latency, nor the time, nor the unit's state. Used by one thread.
 */
final class Remembered implements Check {

    private record Judged(InstanceState instance, Reading<List<Listener>> listeners, Verdict verdict) {

        /** Readings are compared as wholes: those of the slow rhythm are the same objects until they are read anew. */
        boolean isFor(InstanceState now, Reading<List<Listener>> nowListening) {
            return Objects.equals(listeners, nowListening)
                    && Objects.equals(instance.server(), now.server())
                    && Objects.equals(instance.confFile(), now.confFile())
                    && Objects.equals(instance.files(), now.files())
                    && instance.unit().isPresent() == now.unit().isPresent()
                    && instance.unitName().equals(now.unitName())
                    && answer(instance).equals(answer(now));
        }

        /** What PING said, without what differs from one to the next though nothing has changed. */
        private static String answer(InstanceState instance) {
            return instance.ping()
                    .fold(
                            ping -> ping.outcome() + " " + ping.address() + " " + ping.reply(),
                            unknown -> unknown.cause() + " " + unknown.detail());
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
        if (judged == null || !judged.isFor(instance, snapshot.listeners())) {
            judged = new Judged(instance, snapshot.listeners(), check.examine(instance, snapshot));
            last.put(instance.name(), judged);
        }
        return judged.verdict();
    }
}
