package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.OrderRule;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.SiteUnit;
import dev.rediswarden.snapshot.WayBack;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Finds the units that rules are for, by name or by what they run, and reads them from systemd's loaded graph. */
record SiteGraph(Link link) {

    /** How many units are asked about at once: enough to be quick, few enough for the bus' limits. */
    private static final int BATCH = 50;

    /** That one rule may match; at that many systemd is already busy for ten seconds with nothing else. */
    private static final int MOST = 1_000;

    /** An instance to load a template as; it is never started. */
    private static final String INSTANCE = "redis-warden";

    /**
     * The units that the rules are for, each once, for the first rule that names it.
     *
     * @throws BusException also where a rule matches so many that it cannot be meant
     * @throws IOException where one of systemd's directories cannot be read
     */
    List<SiteUnit> units(List<OrderRule> rules) throws BusException, IOException {
        ServiceFiles files = ServiceFiles.in(unitPath());
        Set<String> loaded = loaded();
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
                running(others, rule.program()).forEach(name -> named.put(name, rule));
            }
        }
        Map<String, SiteUnit> units = new LinkedHashMap<>();
        for (List<String> batch : batches(named.keySet())) {
            for (SiteUnit unit : read(batch, loaded, named)) {
                units.putIfAbsent(unit.name(), unit);
            }
        }
        return List.copyOf(units.values());
    }

    /**
     * By unit, how Redis starts after it. Only for those that are to be given an After=: where all is in order nothing is
     * asked.
     *
     * @param redisUnits by instance: names of its unit, of which the first that systemd knows is the one
     */
    Map<String, WayBack> waysBack(Map<String, List<String>> redisUnits, List<SiteUnit> units) throws BusException {
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
                    ways.putAll(new StartOrder(link).waysBack(redis.get(), lacking.keySet(), SiteGraph::template));
                }
            }
        }
        return ways;
    }

    private List<Path> unitPath() throws BusException {
        Call call = Call.property(Systemd.NAME, Systemd.PATH, Systemd.MANAGER, "UnitPath");
        return link.ask(List.of(call)).get(0).names().stream().map(Path::of).toList();
    }

    /** The services that systemd has in memory, by their real names. */
    private Set<String> loaded() throws BusException {
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
    private List<String> running(Set<String> names, String program) throws BusException {
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
        if (commands.isOfNothing()) {
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

    private List<SiteUnit> read(List<String> names, Set<String> loaded, Map<String, OrderRule> rules)
            throws BusException {
        List<Call> calls = new ArrayList<>();
        for (String name : names) {
            calls.addAll(UnitProperties.questions(path(name), loaded.contains(name)));
        }
        Iterator<Answer> answers = link.ask(calls).iterator();
        List<SiteUnit> units = new ArrayList<>();
        for (String name : names) {
            Optional<UnitProperties> properties = UnitProperties.next(answers, loaded.contains(name));
            OrderRule rule = rules.get(name);
            if (rule != null && properties.isPresent()) {
                units.add(properties.get().unit(isTemplate(name) ? name : "", rule));
            }
        }
        return units;
    }
}
