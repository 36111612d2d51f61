package dev.rediswarden.snapshot;

import java.util.Map;
import java.util.Optional;

/**
 * What a boot sets in the kernel by the files of sysctl.d(5) and tmpfiles.d(5).
 *
 * @param ours what files of our own say, by their paths; those that are there
 * @param others by a sysctl's name, or a path that tmpfiles.d writes to: what the others make of it
 */
public record BootSettings(Map<String, String> ours, Map<String, Other> others) {

    /**
     * Another's file that sets it.
     *
     * @param wins whether it counts, and ours does not, where both set it
     */
    public record Other(String file, String value, boolean wins) {}

    public BootSettings {
        ours = Map.copyOf(ours);
        others = Map.copyOf(others);
    }

    public Optional<Other> other(String name) {
        return Optional.ofNullable(others.get(name));
    }
}
