package dev.rediswarden.snapshot;

import java.util.List;

/**
 * What is asked of a server once a minute: it changes rarely, or costs the server more than INFO.
 *
 * @param strangerServed whether a connection without credentials is let in: it is the default user's, whatever that may do
 * @param modules that are loaded (MODULE LIST)
 * @param keys those of Celery and of known attacks, by their exact names
 */
public record Inspection(Reading<Boolean> strangerServed, Reading<List<Module>> modules, Reading<KnownKeys> keys) {

    /**
     * A loaded module.
     *
     * @param path its library's; empty where the server has it built in, or is older than Redis 7
     */
    public record Module(String name, String path) {

        public Module {
            name = Untrusted.line(name);
            path = Untrusted.line(path);
        }
    }
}
