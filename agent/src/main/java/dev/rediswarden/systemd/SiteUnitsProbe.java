package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.SiteUnits;
import dev.rediswarden.snapshot.WayBack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

    /** That one rule may match; at that many systemd is already busy for ten seconds with nothing else. */
    private static final int MOST = 1_000;

    /** An instance to load a template as; it is never started. */
    private static final String INSTANCE = "redis-warden";

    private static final Set<String> GONE =
            Set.of("org.freedesktop.systemd1.NoSuchUnit", "org.freedesktop.DBus.Error.UnknownObject");

    private static final List<String> PROPERTIES = List.of(
            "Id",
            "FragmentPath",
            "LoadState",
            "After",
            "Wants",
            "Requires",
            "Requisite",
            "BindsTo",
            "DropInPaths",
            "NeedDaemonReload");

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
            List<SiteUnit> units = units(link);
            latest = Reading.known(new SiteUnits(units, dropIns.list(), waysBack(link, units)));
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

    private List<SiteUnit> units(Link link) throws BusException, IOException {
        ServiceFiles files = ServiceFiles.in(unitPath(link));
        Set<String> loaded = loaded(link);
        loaded.removeAll(files.passing());
        Map<String, OrderRule> named = new LinkedHashMap<>();
        for (OrderRule rule : rules) {
            Set<String> names = names(files, loaded, OrderRule.matching(rule.pattern()));
            if (names.size() > MOST) {
                throw new BusException(
                        Cause.FAILED,
                        "the rule units = \"" + rule.pattern() + "\" matches " + names.size() + " units, over " + MOST
                                + ": too many to be meant, and each costs systemd milliseconds");
            }
            names.forEach(name -> named.putIfAbsent(name, rule));
        }
        for (OrderRule rule : rules) {
            if (!rule.program().isEmpty()) {
                Set<String> others =
                        names(files, loaded, name -> !named.containsKey(name) && !named.containsKey(template(name)));
                running(link, others, rule.program()).forEach(name -> named.put(name, rule));
            }
        }
        Map<String, SiteUnit> units = new LinkedHashMap<>();
        for (List<String> batch : batches(named.keySet())) {
            for (SiteUnit unit : read(link, batch, loaded, named)) {
                units.putIfAbsent(unit.name(), unit);
            }
        }
        return List.copyOf(units.values());
    }

    /** Only for those that are to be given an After=: where all is in order nothing is asked. */
    private Map<String, WayBack> waysBack(Link link, List<SiteUnit> units) throws BusException {
        Map<String, WayBack> ways = new HashMap<>();
        for (Map.Entry<String, List<String>> instance : redisUnits.entrySet()) {
            Map<String, List<String>> lacking = units.stream()
                    .filter(unit ->
                            unit.rule().after() && unit.rule().instance().equals(instance.getKey()))
                    .collect(Collectors.toMap(SiteUnit::name, SiteUnit::after));
            if (!lacking.isEmpty()) {
                Optional<String> redis = UnitRow.read(link, instance.getValue()).stream()
                        .filter(UnitRow::isKnown)
                        .map(UnitRow::id)
                        .findFirst();
                if (redis.isPresent()) {
                    lacking.values().removeIf(after -> after.contains(redis.get()));
                    ways.putAll(new StartOrder(link).waysBack(redis.get(), lacking.keySet(), SiteUnitsProbe::template));
                }
            }
        }
        return ways;
    }

    private static List<Path> unitPath(Link link) throws BusException {
        Call call = Call.property(Systemd.NAME, Systemd.PATH, Systemd.MANAGER, "UnitPath");
        return link.ask(List.of(call)).get(0).names().stream().map(Path::of).toList();
    }

    /** The services that systemd has in memory, by their real names. */
    private static Set<String> loaded(Link link) throws BusException {
        Call list = new Call(
                Systemd.NAME,
                Systemd.PATH,
                Systemd.MANAGER,
                "ListUnitsByPatterns",
                "asas",
                List.of(List.of(), List.of("*.service")));
        Set<String> loaded = new LinkedHashSet<>();
        for (UnitRow row : UnitRow.all(link.ask(List.of(list)).get(0))) {
            if (row.isKnown()) {
                loaded.add(row.id());
            }
        }
        return loaded;
    }

    /** Of unit files, and of loaded units that have none by their own name: instances of a template that is not named. */
    private static Set<String> names(ServiceFiles files, Set<String> loaded, Predicate<String> meant) {
        Set<String> names = files.lasting().stream().filter(meant).collect(Collectors.toCollection(LinkedHashSet::new));
        loaded.stream()
                .filter(meant)
                .filter(name -> !names.contains(template(name)))
                .forEach(names::add);
        return names;
    }

    private static List<List<String>> batches(Set<String> names) {
        List<String> all = List.copyOf(names);
        List<List<String>> batches = new ArrayList<>();
        for (int from = 0; from < all.size(); from += BATCH) {
            batches.add(all.subList(from, Math.min(all.size(), from + BATCH)));
        }
        return batches;
    }

    /** Services whose ExecStart runs the program, under whatever name: each of the host's has to be asked. */
    private static List<String> running(Link link, Set<String> names, String program) throws BusException {
        List<String> running = new ArrayList<>();
        for (List<String> batch : batches(names)) {
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

    private static List<SiteUnit> read(Link link, List<String> names, Set<String> loaded, Map<String, OrderRule> rules)
            throws BusException {
        List<Call> calls = new ArrayList<>();
        for (String name : names) {
            calls.addAll(questions(name, loaded.contains(name)));
        }
        Iterator<Answer> answers = link.ask(calls).iterator();
        List<SiteUnit> units = new ArrayList<>();
        for (String name : names) {
            Optional<Properties> properties = Properties.next(answers, loaded.contains(name));
            OrderRule rule = rules.get(name);
            if (rule != null && properties.isPresent()) {
                Properties of = properties.get();
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

    /**
     * For each property where the unit is loaded, as some of the others make systemd search its directories. Where it
     * is not, in one question: systemd loads it for the question, and forgets it after.
     */
    private static List<Call> questions(String name, boolean loaded) {
        String path = path(name);
        return loaded
                ? PROPERTIES.stream()
                        .map(property -> Systemd.ofUnit(path, property))
                        .toList()
                : List.of(Systemd.allOfUnit(path));
    }

    /** What systemd answers about one unit. */
    private record Properties(Map<?, ?> values) {

        /** Of the next answers, as many as were asked for; empty where systemd does not know the unit. */
        static Optional<Properties> next(Iterator<Answer> answers, boolean loaded) throws BusException {
            if (!loaded) {
                Answer all = answers.next();
                return isKnown(all) ? Optional.of(new Properties(all.as(Map.class))) : Optional.empty();
            }
            Map<String, Object> values = new HashMap<>();
            boolean known = true;
            for (String property : PROPERTIES) {
                Answer answer = answers.next();
                known = known && isKnown(answer);
                if (known) {
                    values.put(property, answer.value());
                }
            }
            return known ? Optional.of(new Properties(values)) : Optional.empty();
        }

        /** A unit that went away since its name was read; any other error is none of the unit's. */
        private static boolean isKnown(Answer answer) {
            return !GONE.contains(answer.errorName());
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
