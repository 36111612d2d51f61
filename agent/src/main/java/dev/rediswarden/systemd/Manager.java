package dev.rediswarden.systemd;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.freedesktop.dbus.DBusPath;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.DBusSignal;

/** systemd's manager, asked to change something (org.freedesktop.systemd1(5)): for root, who is let. */
public final class Manager implements AutoCloseable {

    /** Why systemd did not do what it was asked for; a sentence for an operator. */
    public static final class Refused extends Exception {

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    private static final String JOBS =
            "type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',"
                    + "member='JobRemoved'";

    private final Bus bus;
    private final Map<String, CompletableFuture<String>> jobs = new ConcurrentHashMap<>();
    private final Consumer<DBusSignal> listener = this::hear;
    private volatile String owner = "";

    public Manager(Bus bus) {
        this.bus = bus;
        bus.listen(listener);
    }

    /** Has the unit started at each boot; systemd must be told to reload afterwards. */
    public void enable(String unit) throws Refused {
        call(new Call(
                Systemd.NAME,
                Systemd.PATH,
                Systemd.MANAGER,
                "EnableUnitFiles",
                "asbb",
                List.of(List.of(unit), false, false)));
    }

    /** Takes back what {@link #enable} did. */
    public void disable(String unit) throws Refused {
        call(new Call(
                Systemd.NAME, Systemd.PATH, Systemd.MANAGER, "DisableUnitFiles", "asb", List.of(List.of(unit), false)));
    }

    /** Has systemd read all unit files anew, and comes back when it has. */
    public void reload() throws Refused {
        call(Systemd.manager("Reload"));
    }

    /**
     * Starts a unit and follows the job to its end.
     *
     * @param reset whether systemd is to forget first that the unit failed, its start limit with it
     * @return the job's result: done, failed, timeout, dependency, canceled, …; {@code running} where it has not ended
     *     in time
     */
    public String start(String unit, boolean reset, Duration patience) throws Refused {
        for (Call match : matching()) {
            ask(match);
        }
        owner = ask(Systemd.manager("Subscribe")).sender();
        // In one go: who dies between the two leaves a unit that looks stopped. A stop that is queued is not
        // overridden.
        Call start = new Call(Systemd.NAME, Systemd.PATH, Systemd.MANAGER, "StartUnit", "ss", List.of(unit, "fail"));
        List<Call> calls = reset ? List.of(Systemd.manager("ResetFailedUnit", "s", unit), start) : List.of(start);
        String path;
        try {
            List<Answer> answers = bus.link().ask(calls);
            Object job = answers.get(answers.size() - 1).value();
            path = job instanceof DBusPath object ? object.getPath() : String.valueOf(job);
        } catch (BusException e) {
            throw refused("StartUnit", e);
        }
        try {
            return end(path).get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return "running";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted while " + unit + " was started");
        }
    }

    private List<Call> matching() throws Refused {
        try {
            return bus.link().matching(JOBS);
        } catch (BusException e) {
            throw refused("AddMatch", e);
        }
    }

    /** The signal may come before the answer that names the job. */
    private CompletableFuture<String> end(String job) {
        return jobs.computeIfAbsent(job, path -> new CompletableFuture<>());
    }

    private void hear(DBusSignal signal) {
        // Any local user may send such a signal straight to this connection.
        if (!signal.getName().equals("JobRemoved") || !owner.equals(signal.getSource())) {
            return;
        }
        try {
            Object[] arguments = signal.getParameters();
            if (arguments != null && arguments.length > 3) {
                String path = arguments[1] instanceof DBusPath object ? object.getPath() : String.valueOf(arguments[1]);
                end(path).complete(String.valueOf(arguments[3]));
            }
        } catch (DBusException e) {
            // Not understood: the job is waited for until the patience ends.
        }
    }

    private void call(Call call) throws Refused {
        try {
            ask(call).confirm();
        } catch (BusException e) {
            throw refused(call.member(), e);
        }
    }

    private Answer ask(Call call) throws Refused {
        try {
            return bus.link().ask(List.of(call)).get(0);
        } catch (BusException e) {
            throw refused(call.member(), e);
        }
    }

    private static Refused refused(String member, BusException e) {
        return new Refused(member + ": " + e.getMessage());
    }

    @Override
    public void close() {
        bus.ignore(listener);
    }
}
