package dev.rediswarden.check;

import dev.rediswarden.snapshot.SwarmNode;
import dev.rediswarden.snapshot.SwarmService;
import dev.rediswarden.snapshot.SwarmTask;
import java.util.List;
import java.util.stream.Collectors;

/** Why a task is given to no node, by what its service asks for and what the nodes are; a part of the check service. */
record Placement(SwarmService service, SwarmTask task, ServiceCommands commands) {

    Finding finding() {
        List<SwarmNode> nodes = service.nodes().optional().orElse(List.of());
        List<SwarmNode> fitting =
                nodes.stream().filter(node -> node.fits(service.constraints())).toList();
        String evidence = "its task is given to no node"
                + (task.error().isEmpty() ? "" : ": " + task.error())
                + (service.constraints().isEmpty() ? "" : " (" + String.join(", ", service.constraints()) + ")");
        String consequence = "Redis does not run until one fits";
        if (nodes.isEmpty()) {
            return Finding.unhealthy(evidence, consequence, commands.look() + "; docker node ls");
        }
        if (fitting.isEmpty()) {
            return Finding.unhealthy(evidence + "; no node is so", consequence, commands.without(unkept(nodes)));
        }
        List<SwarmNode> working = fitting.stream().filter(SwarmNode::isAtWork).toList();
        if (working.isEmpty()) {
            return Finding.unhealthy(evidence + "; " + states(fitting), consequence, bringBack(fitting));
        }
        long largest = working.stream().mapToLong(SwarmNode::memory).max().orElse(0);
        if (task.error().contains("insufficient resources") && largest > 0) {
            long reserved = service.memoryReserved().orElse(0);
            return Finding.unhealthy(
                    evidence + "; " + Bytes.text(reserved) + " are reserved, and the largest node has "
                            + Bytes.text(largest) + " for all",
                    consequence,
                    commands.update("--reserve-memory " + ServiceCommands.size(Math.min(reserved / 2, largest / 4))));
        }
        return Finding.unhealthy(evidence, consequence, commands.look() + "; docker node ls");
    }

    /** Those that no node keeps; where each is kept by some node, and never all of them, each. */
    private List<String> unkept(List<SwarmNode> nodes) {
        List<String> kept = service.constraints().stream()
                .filter(constraint -> nodes.stream().noneMatch(node -> node.fits(constraint)))
                .toList();
        return kept.isEmpty() ? service.constraints() : kept;
    }

    private static String states(List<SwarmNode> nodes) {
        return nodes.stream()
                .map(node -> node.name() + " is " + (node.state().equals("ready") ? node.availability() : node.state()))
                .collect(Collectors.joining(", "));
    }

    static String bringBack(List<SwarmNode> nodes) {
        return nodes.stream()
                .filter(node -> node.state().equals("ready"))
                .findFirst()
                .map(node -> "docker node update --availability active " + Commands.word(node.name()))
                .orElseGet(() -> "docker node ls; sudo systemctl start docker.service # the second on "
                        + nodes.get(0).name());
    }
}
