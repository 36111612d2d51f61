package dev.rediswarden.snapshot;

import java.util.List;

/**
 * A network that a service's tasks are in.
 *
 * @param driver overlay, host, …
 * @param attachable whether containers that no service runs may join it
 * @param others names of the other services in it
 */
public record SwarmNetwork(String name, String driver, boolean attachable, List<String> others) {

    public SwarmNetwork {
        name = Untrusted.line(name);
        driver = Untrusted.line(driver);
        others = others.stream().map(Untrusted::line).sorted().toList();
    }
}
