package dev.rediswarden.snapshot;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;

/**
 * One of a service's tasks: a container, or the wish for one.
 *
 * @param node number of the node that it was given to; empty where none was found
 * @param state new, pending, assigned, preparing, starting, running, complete, failed, shutdown, rejected, orphaned, …
 * @param wanted the state that it is to have
 * @param error the Swarm's words for what went wrong
 * @param at when its state became what it is, by its node's clock
 * @param exit code of its process, where that has ended
 * @param image what it runs
 * @param containerId empty where it never had one
 * @param container unknown where nobody asked for it, or where another engine has it
 */
public record SwarmTask(
        String id,
        String node,
        String state,
        String wanted,
        String error,
        Instant createdAt,
        Instant at,
        OptionalLong exit,
        String image,
        String containerId,
        Reading<SwarmContainer> container) {

    /**
     * A server is never done: one that is complete ended by itself, as Redis does, with 0, where its health check has it
     * stopped.
     */
    private static final Set<String> FAILED = Set.of("failed", "complete", "rejected", "orphaned");

    public SwarmTask {
        id = Untrusted.line(id);
        node = Untrusted.line(node);
        state = Untrusted.line(state);
        wanted = Untrusted.line(wanted);
        error = Untrusted.line(error);
        image = Untrusted.line(image);
    }

    /** The same with what its engine says of its container. */
    public SwarmTask with(Reading<SwarmContainer> found) {
        return new SwarmTask(id, node, state, wanted, error, createdAt, at, exit, image, containerId, found);
    }

    public boolean isWanted() {
        return wanted.equals("running") || wanted.equals("ready");
    }

    public boolean hasFailed() {
        return FAILED.contains(state);
    }

    /** Whether its process has run on its node, and may have written there. */
    public boolean hasRun() {
        return !containerId.isEmpty() && !state.equals("rejected");
    }
}
