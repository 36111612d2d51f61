package dev.rediswarden.systemd;

import dev.rediswarden.snapshot.WayBack;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** The order in which units start, by systemd's loaded graph: After= of one and Before= of the other are one there. */
record StartOrder(Link link) {

    /** More units than a host has before Redis: some hundred as a rule. What lies behind is not found. */
    private static final int MOST_QUESTIONS = 1_000;

    /**
     * Follows After= from a unit, the nearest ones first.
     *
     * @param sought the units that must not be among those it starts after; none are asked about where there are none
     * @param named the name under which a unit is sought: a template's for its instances
     * @return by sought name; what is not in it was not met
     */
    Map<String, WayBack> waysBack(String from, Set<String> sought, UnaryOperator<String> named) throws BusException {
        Map<String, String> after = new HashMap<>();
        Map<String, WayBack> ways = new HashMap<>();
        List<String> level = List.of(from);
        int questions = 0;
        while (!level.isEmpty() && ways.size() < sought.size() && questions < MOST_QUESTIONS) {
            List<String> asked = level.subList(0, Math.min(level.size(), MOST_QUESTIONS - questions));
            questions += asked.size();
            Set<String> next = new LinkedHashSet<>();
            List<Answer> answers = link.ask(asked.stream()
                    .map(unit -> Systemd.ofUnit(Systemd.pathOf(unit), "After"))
                    .toList());
            for (int i = 0; i < asked.size(); i++) {
                for (String unit : names(answers.get(i))) {
                    if (!unit.equals(from) && after.putIfAbsent(unit, asked.get(i)) == null) {
                        next.add(unit);
                        String name = sought.contains(unit) ? unit : named.apply(unit);
                        if (sought.contains(name)) {
                            ways.putIfAbsent(name, new WayBack(way(from, unit, after)));
                        }
                    }
                }
            }
            level = new ArrayList<>(next);
        }
        return ways;
    }

    /** A unit that went away since starts after nothing. */
    private static List<String> names(Answer answer) throws BusException {
        return answer.isOfNothing() ? List.of() : answer.names();
    }

    private static List<String> way(String from, String to, Map<String, String> after) {
        List<String> way = new ArrayList<>();
        for (String unit = to; unit != null && !unit.equals(from); unit = after.get(unit)) {
            way.add(unit);
        }
        way.add(from);
        Collections.reverse(way);
        return way;
    }
}
