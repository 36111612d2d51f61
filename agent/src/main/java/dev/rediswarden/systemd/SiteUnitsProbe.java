package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.messages.DBusSignal;
import org.jspecify.annotations.Nullable;

/**
 * Reads the units that rules are for from systemd's loaded graph, and the drop-ins from the disk; anew only when systemd
 * says that unit files have changed, since there may be hundreds of them.
 */
public final class SiteUnitsProbe implements Probe<SiteUnits> {

    /** In case that a signal was missed. */
    private static final Duration REREAD = Duration.ofMinutes(5);

    private static final String[] SIGNALS = {
        "type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',"
                + "member='UnitFilesChanged'",
        "type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',"
                + "member='Reloading'",
    };

    private record Seen(Link link, String owner, long at) {}

    private final List<OrderRule> rules;
    private final Map<String, List<String>> redisUnits;
    private final Bus bus;
    private final DropIns dropIns;
    private final LongSupplier nanoTime;
    private final Runnable wake;
    private final Consumer<DBusSignal> listener = this::hear;
    private Reading<SiteUnits> latest = Reading.unknown(Cause.NOT_READ, "the site's units were not read yet");
    private volatile @Nullable Seen seen;
    private volatile boolean changed;

    /**
     * @param redisUnits by instance: names of its unit, of which the first that systemd knows is the one
     * @param wake called when unit files have changed, on another thread: it must only ask for another reading
     */
    public SiteUnitsProbe(
            List<OrderRule> rules,
            Map<String, List<String>> redisUnits,
            Bus bus,
            DropIns dropIns,
            LongSupplier nanoTime,
            Runnable wake) {
        this.redisUnits = Map.copyOf(redisUnits);
        this.rules = List.copyOf(rules);
        this.bus = bus;
        this.dropIns = dropIns;
        this.nanoTime = nanoTime;
        this.wake = wake;
        bus.listen(listener);
    }

    @Override
    public String name() {
        return "the site's units";
    }

    /** Without regard to what was seen before. */
    public Reading<SiteUnits> readAnew() {
        changed = true;
        return read();
    }

    @Override
    public Optional<Reading<SiteUnits>> atHand() {
        Seen last = seen;
        return last != null && last.link().isOpen() && !changed && nanoTime.getAsLong() - last.at() < REREAD.toNanos()
                ? Optional.of(latest)
                : Optional.empty();
    }

    @Override
    public Reading<SiteUnits> read() {
        if (atHand().isPresent()) {
            return latest;
        }
        try {
            Link link = bus.link();
            long now = nanoTime.getAsLong();
            changed = false;
            String owner = subscribe(link);
            SiteGraph graph = new SiteGraph(link);
            List<SiteUnit> units = graph.units(rules);
            latest = Reading.known(new SiteUnits(units, dropIns.list(), graph.waysBack(redisUnits, units)));
            seen = new Seen(link, owner, now);
        } catch (BusException e) {
            seen = null;
            latest = e.asReading();
        } catch (IOException e) {
            seen = null;
            latest = Reading.unknown(Cause.FAILED, "systemd's directories cannot be read: " + e);
        }
        return latest;
    }

    private String subscribe(Link link) throws BusException {
        List<Call> calls = new ArrayList<>(link.matching(SIGNALS));
        calls.add(Systemd.manager("Subscribe"));
        List<Answer> answers = link.ask(calls);
        return answers.get(answers.size() - 1).sender();
    }

    private void hear(DBusSignal signal) {
        Seen last = seen;
        if (last == null) {
            changed = true;
        } else if (!changed
                && (isOfOwner(signal) || (last.owner().equals(signal.getSource()) && UnitSignals.isOfFiles(signal)))) {
            changed = true;
            wake.run();
        }
    }

    /** systemd came back to the bus under another unique name. */
    private static boolean isOfOwner(DBusSignal signal) {
        return signal.getName().equals("NameOwnerChanged") && "org.freedesktop.DBus".equals(signal.getSource());
    }

    @Override
    public void close() {
        bus.ignore(listener);
    }
}
