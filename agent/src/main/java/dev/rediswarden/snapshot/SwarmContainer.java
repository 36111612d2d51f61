package dev.rediswarden.snapshot;

import java.util.List;

/**
 * A task's container, as the engine that has it tells.
 *
 * @param health healthy, unhealthy, starting, or empty where nothing looks
 * @param healthOutput what the last look said; empty where it said nothing
 * @param killedForMemory whether the kernel killed in it at its limit
 * @param mounts as they are, with those that its image asks for
 */
public record SwarmContainer(String health, String healthOutput, boolean killedForMemory, List<SwarmMount> mounts) {

    public SwarmContainer {
        health = Untrusted.line(health);
        healthOutput = Untrusted.line(healthOutput);
        mounts = List.copyOf(mounts);
    }
}
