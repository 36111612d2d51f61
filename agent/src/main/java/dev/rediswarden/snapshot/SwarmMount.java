package dev.rediswarden.snapshot;

import java.util.Set;

/**
 * What is mounted into a container.
 *
 * @param type volume, bind, tmpfs, …
 * @param source the volume's name, or the node's path; empty where nobody gave one
 * @param target where the container has it
 * @param driver of a volume: local, or a plugin's
 * @param device the type of file system that a local volume is made of: nfs, cifs, …; empty for the node's own disk
 */
public record SwarmMount(String type, String source, String target, String driver, String device, boolean readOnly) {

    private static final Set<String> SHARED = Set.of("nfs", "nfs4", "cifs", "smb3", "ceph", "glusterfs", "9p");

    public SwarmMount {
        type = Untrusted.line(type);
        source = Untrusted.line(source);
        target = Untrusted.line(target);
        driver = Untrusted.line(driver);
        device = Untrusted.line(device);
    }

    /** A volume without a name of its own is the container's, and goes with it; Docker names it by 32 random bytes. */
    public boolean isAnonymous() {
        return type.equals("volume") && (source.isEmpty() || source.matches("[0-9a-f]{64}"));
    }

    /** Whether each node has another one under the same name. */
    public boolean isOfItsNode() {
        boolean local = driver.isEmpty() || driver.equals("local");
        return type.equals("bind") || (type.equals("volume") && local && !SHARED.contains(device));
    }

    /** Whether a path of the container is on it. */
    public boolean holds(String path) {
        return path.equals(target) || path.startsWith(target.endsWith("/") ? target : target + "/");
    }
}
