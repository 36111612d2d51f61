package dev.rediswarden.docker;

import dev.rediswarden.snapshot.SwarmNode;
import java.util.Optional;

/** What of a node's JSON is judged. */
final class NodeReader {

    private NodeReader() {}

    /** Empty for what is no node: one has a number. */
    static Optional<SwarmNode> node(Json json) {
        return json.text("ID")
                .map(id -> SwarmNode.of(
                        id,
                        json.text("Description", "Hostname").orElse(id),
                        json.text("Spec", "Role").orElse(""),
                        json.text("Spec", "Availability").orElse(""),
                        json.text("Status", "State").orElse(""),
                        json.number("Description", "Resources", "MemoryBytes").orElse(0),
                        json.words("Spec", "Labels"),
                        json.words("Description", "Engine", "Labels")));
    }
}
