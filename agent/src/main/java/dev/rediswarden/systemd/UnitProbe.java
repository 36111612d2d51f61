package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.Growth;
import dev.rediswarden.snapshot.GrowthWindow;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.UnitState;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.messages.DBusSignal;
import org.jspecify.annotations.Nullable;

/**
 * Reads the unit that runs a server when a signal says that something changed. In case that one was missed, asks every
 * five seconds whether it is active, by one small question, and every ten for all the rest.
 */
public final class UnitProbe implements Probe<UnitState> {

    private static final Duration ASK = Duration.ofSeconds(5);
    private static final Duration REREAD = Duration.ofSeconds(10);
    private static final String RESTARTS = "NRestarts";
    private static final Duration WINDOW = Duration.ofMinutes(10);

    /** The unit as it was last seen, over which connection, and when; when its row was last asked for. */
    private record Seen(Link link, UnitDetails details, long at, long asked) {}

    /** What was told, and of what: the same object for as long as it is the same. */
    private record Told(UnitDetails details, long restarts, UnitState state, Reading<UnitState> reading) {}

    private final List<String> candidates;
    private final Bus bus;
    private final LongSupplier nanoTime;
    private final Runnable wake;
    private final Consumer<DBusSignal> listener = this::hear;
    private final GrowthWindow growth = new GrowthWindow(WINDOW);
    private volatile @Nullable Seen seen;
    private volatile boolean changed;
    private @Nullable Told told;

    /**
     * @param candidates unit names or aliases; the first that systemd knows is the one, else the first is reported
     *     with {@code loadState} not-found
     * @param nanoTime {@link System#nanoTime}
     * @param wake called when the unit may have changed, once until the next reading, on another thread: it must
     *     only ask for that reading, another one where one is under way
     */
    public UnitProbe(List<String> candidates, Bus bus, LongSupplier nanoTime, Runnable wake) {
        this.candidates = List.copyOf(candidates);
        this.bus = bus;
        this.nanoTime = nanoTime;
        this.wake = wake;
        bus.listen(listener);
    }

    @Override
    public String name() {
        return "unit " + String.join(" or ", candidates);
    }

    /** Without regard to what was seen before. */
    public Reading<UnitState> readAnew() {
        changed = true;
        return read();
    }

    @Override
    public Reading<UnitState> read() {
        boolean connected = seen != null;
        Reading<UnitState> reading = tryOnce();
        // A bus that was restarted is found gone by the connection that was open; it may well be back.
        boolean broke = connected && reading instanceof Unknown<UnitState> u && u.cause() == Cause.UNAVAILABLE;
        return broke ? tryOnce() : reading;
    }

    private Reading<UnitState> tryOnce() {
        try {
            return look();
        } catch (BusException e) {
            seen = null;
            return e.asReading();
        } catch (RuntimeException e) {
            seen = null;
            return Reading.unknown(Cause.FAILED, "systemd's answer was not understood: " + e);
        }
    }

    /** In between, as it was: a signal would have told, and so would a bus that went away. */
    @Override
    public Optional<Reading<UnitState>> atHand() {
        Seen last = seen;
        long now = nanoTime.getAsLong();
        return last != null
                        && last.link().isOpen()
                        && !changed
                        && now - last.at() < REREAD.toNanos()
                        && now - last.asked() < ASK.toNanos()
                ? Optional.of(tell(last.details(), growth.at(now)))
                : Optional.empty();
    }

    private Reading<UnitState> look() throws BusException {
        Optional<Reading<UnitState>> known = atHand();
        if (known.isPresent()) {
            return known.get();
        }
        Link link = bus.link();
        long now = nanoTime.getAsLong();
        Seen last = seen;
        if (last != null && last.link() == link && !changed && now - last.at() < REREAD.toNanos()) {
            UnitRow row = last.details().row();
            if (row.equals(UnitRow.read(link, List.of(row.id())).get(0))) {
                seen = new Seen(link, last.details(), last.at(), now);
                return tell(last.details(), growth.at(now));
            }
        }
        // Before asking: what changes from here on is for the next reading.
        changed = false;
        UnitDetails details = UnitDetails.read(link, choose(UnitRow.read(link, candidates)));
        seen = new Seen(link, details, now, now);
        return tell(details, growth.observe(details.row().id(), Map.of(RESTARTS, details.restarts()), now));
    }

    @SuppressWarnings("ReferenceEquality")
    private Reading<UnitState> tell(UnitDetails details, Growth grown) {
        long restarts = grown.of(RESTARTS);
        Told before = told;
        if (before != null && before.details() == details && before.restarts() == restarts) {
            return before.reading();
        }
        UnitState state = details.state(restarts);
        Reading<UnitState> reading =
                before != null && before.state().equals(state) ? before.reading() : Reading.known(state);
        told = new Told(details, restarts, state, reading);
        return reading;
    }

    private static UnitRow choose(List<UnitRow> rows) {
        return rows.stream().filter(UnitRow::isKnown).findFirst().orElse(rows.get(0));
    }

    private void hear(DBusSignal signal) {
        Seen last = seen;
        if (last == null) {
            // In the midst of a first reading, which may have asked before this happened.
            changed = true;
        } else if (!changed
                && UnitSignals.concern(
                        signal, last.details().row(), last.details().owner())) {
            changed = true;
            wake.run();
        }
    }

    @Override
    public void close() {
        bus.ignore(listener);
    }
}
