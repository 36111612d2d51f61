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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.freedesktop.dbus.messages.DBusSignal;
import org.freedesktop.dbus.types.Variant;
import org.jspecify.annotations.Nullable;

/**
 * Reads the units that rules are for from systemd's loaded graph, and the drop-ins from the disk; anew only when systemd
 * says that unit files have changed, since there may be hundreds of them.
 */
public final class SiteUnitsProbe implements Probe<SiteUnits> {

    /** In case that a signal was missed. */
    private static final Duration REREAD = Duration.ofMinutes(5);

    /** How many units are asked about at once: enough to be quick, few enough for the bus' limits. */
    private static final int BATCH = 50;

    /** An instance to load a template as; it is never started. */
    private static final String INSTANCE = "redis-warden";

    private static final String[] SIGNALS = {
        "type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',"
                + "member='UnitFilesChanged'",
        "type='signal',sender='org.freedesktop.systemd1',interface='org.freedesktop.systemd1.Manager',"
                + "member='Reloading'",
    };

    private record Seen(Link link, String owner, long at) {}

    private final List<OrderRule> rules;
    private final Bus bus;
    private final DropIns dropIns;
    private final LongSupplier nanoTime;
    private final Runnable wake;
    private final Consumer<DBusSignal> listener = this::hear;
    private Reading<SiteUnits> latest = Reading.unknown(Cause.NOT_READ, "the site's units were not read yet");
    private volatile @Nullable Seen seen;
    private volatile boolean changed;

    /** @param wake called when unit files have changed, on another thread: it must only ask for another reading */
    public SiteUnitsProbe(List<OrderRule> rules, Bus bus, DropIns dropIns, LongSupplier nanoTime, Runnable wake) {
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
    public Reading<SiteUnits> read() {
        try {
            Link link = bus.link();
            Seen last = seen;
            long now = nanoTime.getAsLong();
            if (last != null && last.link() == link && !changed && now - last.at() < REREAD.toNanos()) {
                return latest;
            }
            changed = false;
            String owner = subscribe(link);
            latest = Reading.known(new SiteUnits(units(link), dropIns.list()));
            seen = new Seen(link, owner, now);
        } catch (BusException e) {
            seen = null;
            latest = e.asReading();
        } catch (IOException e) {
            seen = null;
            latest = Reading.unknown(Cause.FAILED, dropIns.root() + " cannot be read: " + e);
        }
        return latest;
    }

    private String subscribe(Link link) throws BusException {
        List<Call> calls = new ArrayList<>(link.matching(SIGNALS));
        calls.add(Systemd.manager("Subscribe"));
        List<Answer> answers = link.ask(calls);
        return answers.get(answers.size() - 1).sender();
    }

    private List<SiteUnit> units(Link link) throws BusException {
        Map<String, OrderRule> named = new LinkedHashMap<>();
        for (OrderRule rule : rules) {
            for (String name : names(link, rule.pattern())) {
                named.putIfAbsent(name, rule);
            }
        }
        for (OrderRule rule : rules) {
            if (!rule.program().isEmpty()) {
                for (String name : running(link, rule.program(), named.keySet())) {
                    named.putIfAbsent(name, rule);
                }
            }
        }
        List<String> names = List.copyOf(named.keySet());
        Map<String, SiteUnit> units = new LinkedHashMap<>();
        for (int from = 0; from < names.size(); from += BATCH) {
            List<String> batch = names.subList(from, Math.min(names.size(), from + BATCH));
            for (SiteUnit unit : read(link, batch, named)) {
                units.putIfAbsent(unit.name(), unit);
            }
        }
        return List.copyOf(units.values());
    }

    /** Of unit files, and of loaded units that have none by their own name: instances of a template that is not named. */
    private static List<String> names(Link link, String pattern) throws BusException {
        List<Answer> answers = link.ask(List.of(
                new Call(
                        Systemd.NAME,
                        Systemd.PATH,
                        Systemd.MANAGER,
                        "ListUnitFilesByPatterns",
                        "asas",
                        List.of(List.of(), List.of(pattern))),
                new Call(
                        Systemd.NAME,
                        Systemd.PATH,
                        Systemd.MANAGER,
                        "ListUnitsByPatterns",
                        "asas",
                        List.of(List.of(), List.of(pattern)))));
        List<String> names = new ArrayList<>();
        Set<String> passing = new HashSet<>();
        for (Object row : answers.get(0).as(List.class)) {
            if (row instanceof Object[] file && file.length > 1) {
                String path = String.valueOf(file[0]);
                // What systemd-run makes is gone with its end.
                ("transient".equals(file[1]) ? passing : names).add(path.substring(path.lastIndexOf('/') + 1));
            }
        }
        for (UnitRow row : UnitRow.all(answers.get(1))) {
            if (row.isKnown()
                    && !passing.contains(row.id())
                    && !names.contains(row.id())
                    && !names.contains(template(row.id()))) {
                names.add(row.id());
            }
        }
        return names;
    }

    /** Services whose ExecStart runs the program, under whatever name: each of the host's has to be asked. */
    private static List<String> running(Link link, String program, Set<String> known) throws BusException {
        List<String> names = names(link, "*.service").stream()
                .filter(name -> !known.contains(name))
                .toList();
        List<String> running = new ArrayList<>();
        for (int from = 0; from < names.size(); from += BATCH) {
            List<String> batch = names.subList(from, Math.min(names.size(), from + BATCH));
            List<Answer> commands = link.ask(batch.stream()
                    .map(name -> Systemd.ofService(path(name), "ExecStart"))
                    .toList());
            for (int i = 0; i < batch.size(); i++) {
                if (runs(commands.get(i), program)) {
                    running.add(batch.get(i));
                }
            }
        }
        return running;
    }

    /** Among a command's first words: {@code /srv/shop/venv/bin/celery}, {@code python3 -m celery}, {@code env celery}. */
    private static boolean runs(Answer commands, String program) throws BusException {
        if (!commands.errorName().isEmpty()) {
            return false;
        }
        for (Object command : commands.as(List.class)) {
            if (command instanceof Object[] fields && fields.length > 1 && fields[1] instanceof List<?> words) {
                boolean found = words.stream()
                        .limit(4)
                        .map(String::valueOf)
                        .anyMatch(word ->
                                word.substring(word.lastIndexOf('/') + 1).equals(program));
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A unit's object on the bus; a template is asked about as one of its instances. */
    private static String path(String name) {
        return Systemd.pathOf(isTemplate(name) ? name.replace("@.", "@" + INSTANCE + ".") : name);
    }

    /** {@code celery@.service} of {@code celery@a.service}; another name is its own. */
    private static String template(String name) {
        int at = name.indexOf('@');
        int dot = name.lastIndexOf('.');
        return at > 0 && dot > at ? name.substring(0, at + 1) + name.substring(dot) : name;
    }

    private static boolean isTemplate(String name) {
        return name.contains("@.");
    }

    /**
     * In one question for each: a unit that nothing refers to is loaded for the question and forgotten after it, so that
     * ten questions would load it ten times.
     */
    private static List<SiteUnit> read(Link link, List<String> names, Map<String, OrderRule> rules)
            throws BusException {
        List<Answer> answers = link.ask(
                names.stream().map(name -> Systemd.allOfUnit(path(name))).toList());
        List<SiteUnit> units = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            OrderRule rule = rules.get(name);
            if (rule != null && answers.get(i).errorName().isEmpty()) {
                Properties of = Properties.of(answers.get(i));
                List<String> requires = new ArrayList<>(of.names("Requires"));
                requires.addAll(of.names("Requisite"));
                requires.addAll(of.names("BindsTo"));
                units.add(new SiteUnit(
                        isTemplate(name) ? name : of.text("Id"),
                        rule,
                        of.text("FragmentPath"),
                        of.text("LoadState"),
                        of.names("After"),
                        of.names("Wants"),
                        requires,
                        of.names("DropInPaths"),
                        of.truth("NeedDaemonReload")));
            }
        }
        return units;
    }

    /** All properties of an object, as GetAll answers. */
    private record Properties(Map<?, ?> values) {

        static Properties of(Answer answer) throws BusException {
            return new Properties(answer.as(Map.class));
        }

        private @Nullable Object value(String name) {
            Object value = values.get(name);
            return value instanceof Variant<?> variant ? variant.getValue() : value;
        }

        String text(String name) {
            Object value = value(name);
            return value == null ? "" : String.valueOf(value);
        }

        List<String> names(String name) {
            return value(name) instanceof List<?> list
                    ? list.stream().map(String::valueOf).toList()
                    : List.of();
        }

        boolean truth(String name) {
            return Boolean.TRUE.equals(value(name));
        }
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
