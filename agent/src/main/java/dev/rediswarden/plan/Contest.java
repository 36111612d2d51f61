package dev.rediswarden.plan;

import dev.rediswarden.plan.Action.Configure;
import dev.rediswarden.plan.Action.SetKernel;
import dev.rediswarden.snapshot.Contested;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What of a plan is carried out by itself now, and what was changed back so often that it is left to a person.
 *
 * @param plan what is carried out, and with its reason what is not
 * @param insistences by setting, as they are once the plan is begun
 * @param contested what is given up
 */
public record Contest(Plan plan, Map<String, Insistence> insistences, List<Contested> contested) {

    public Contest {
        insistences = Map.copyOf(insistences);
        contested = List.copyOf(contested);
    }

    /**
     * Holds a plan back as far as it must be.
     *
     * @param before what is remembered, by setting
     */
    public static Contest of(Plan plan, Map<String, Insistence> before, Instant now) {
        Map<String, Insistence> insistences = new LinkedHashMap<>();
        before.forEach((setting, insistence) -> insistences.put(setting, insistence.at(now)));
        List<Action> actions = new ArrayList<>();
        List<Left> left = new ArrayList<>(plan.left());
        List<Contested> contested = new ArrayList<>();
        for (Action action : plan.actions()) {
            Insistence insistence = insistences.getOrDefault(setting(action), Insistence.on(wished(action)));
            if (!insistence.wished().equals(wished(action))) {
                insistence = Insistence.on(wished(action));
            }
            switch (insistence.decide(now)) {
                case MAKE -> {
                    insistences.put(setting(action), insistence.begun(now));
                    actions.add(action);
                }
                case WAIT ->
                    left.add(new Left(
                            Left.Kind.WAITING,
                            action.unit(),
                            "what is to be done failed, and is tried again after a pause: " + action.text(),
                            "sudo redis-warden apply --settings"));
                case GIVE_UP -> {
                    insistences.put(setting(action), insistence.givenUp());
                    Contested given = contested(action, insistence.made().size());
                    contested.add(given);
                    left.add(new Left(Left.Kind.GAVE_UP, action.unit(), reason(given), "sudo redis-warden resume"));
                }
            }
        }
        insistences.values().removeIf(insistence -> !insistence.counts());
        return new Contest(new Plan(actions, left), insistences, contested);
    }

    /** Why it is left, for a person. */
    public static String reason(Contested given) {
        return "gave up, because " + given.setting() + " was set to '" + given.wished() + "' " + given.times()
                + " times within 24 hours and is '" + given.found() + "' again";
    }

    /** What is remembered of it once it has ended. */
    public Map<String, Insistence> after(List<Outcome> outcomes) {
        Map<String, Insistence> ended = new LinkedHashMap<>(insistences);
        for (Outcome outcome : outcomes) {
            ended.computeIfPresent(
                    setting(outcome.action()), (setting, insistence) -> insistence.ended(outcome.isDone()));
        }
        return ended;
    }

    /** By which it is remembered: {@code main/maxmemory}. */
    static String setting(Action action) {
        return action instanceof Configure change
                ? change.instance() + "/" + change.parameter()
                : action instanceof SetKernel change ? Contested.KERNEL + change.path() : action.unit();
    }

    private static String wished(Action action) {
        return action instanceof Configure change
                ? change.value()
                : action instanceof SetKernel change ? change.content() : "";
    }

    private static Contested contested(Action action, int times) {
        if (action instanceof Configure change) {
            String found = change.now().equals(change.value()) ? change.next() : change.now();
            return new Contested(change.instance(), change.parameter(), found, change.value(), times);
        }
        List<SetKernel.Live> live = action instanceof SetKernel change ? change.live() : List.of();
        String file = action instanceof SetKernel change ? change.path() : action.unit();
        return live.isEmpty()
                ? new Contested(Contested.KERNEL, file, "another text", "what Redis needs", times)
                : new Contested(
                        Contested.KERNEL,
                        joined(live, one -> one.file()),
                        joined(live, one -> one.now()),
                        joined(live, one -> one.value()),
                        times);
    }

    private static String joined(List<SetKernel.Live> live, Function<SetKernel.Live, String> part) {
        return live.stream().map(part).collect(Collectors.joining(", "));
    }

    /** Whether this was found and given up already: there is nothing to call for. */
    public static boolean isGivenUp(Action action, List<Contested> contested) {
        Contested now = contested(action, 0);
        return contested.stream()
                .anyMatch(other -> other.isOf(now.instance())
                        && other.setting().equals(now.setting())
                        && other.found().equals(now.found())
                        && other.wished().equals(now.wished()));
    }
}
