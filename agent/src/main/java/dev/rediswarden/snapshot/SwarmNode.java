package dev.rediswarden.snapshot;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A node of a Swarm.
 *
 * @param availability active, pause or drain, as a person has set it
 * @param state ready, down, disconnected or unknown
 * @param memory bytes that it has; 0 where it has not said
 * @param traits what a constraint may ask for, by the name that it uses: {@code node.labels.disk}, {@code node.hostname}
 */
public record SwarmNode(
        String id, String name, String availability, String state, long memory, Map<String, String> traits) {

    public SwarmNode {
        id = Untrusted.line(id);
        name = Untrusted.line(name);
        availability = Untrusted.line(availability);
        state = Untrusted.line(state);
        traits = Map.copyOf(traits);
    }

    /** Of a node with these labels; {@code engine} are those of its daemon. */
    public static SwarmNode of(
            String id,
            String name,
            String role,
            String availability,
            String state,
            long memory,
            Map<String, String> labels,
            Map<String, String> engine) {
        Map<String, String> traits = new HashMap<>();
        labels.forEach((key, value) -> traits.put("node.labels." + key, value));
        engine.forEach((key, value) -> traits.put("engine.labels." + key, value));
        traits.putAll(Map.of("node.id", id, "node.hostname", name, "node.role", role));
        return new SwarmNode(id, name, availability, state, memory, traits);
    }

    /** Whether it would be given a task now. */
    public boolean isAtWork() {
        return state.equals("ready") && availability.equals("active");
    }

    /** Whether it fits all of them (docker service create, --constraint); whether it is at work does not matter. */
    public boolean fits(List<String> constraints) {
        return constraints.stream().allMatch(this::fits);
    }

    /** One that is not understood is taken for kept: rather a node too many than one that is overlooked. */
    public boolean fits(String constraint) {
        boolean not = constraint.contains("!=");
        String[] sides = constraint.split(not ? "!=" : "==", 2);
        if (sides.length < 2 || sides[0].strip().startsWith("node.platform.")) {
            return true;
        }
        Optional<String> is = Optional.ofNullable(traits.get(sides[0].strip()));
        boolean same =
                is.filter(value -> value.equalsIgnoreCase(sides[1].strip())).isPresent();
        return same != not;
    }
}
