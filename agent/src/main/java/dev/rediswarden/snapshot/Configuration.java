package dev.rediswarden.snapshot;

import java.util.List;

/**
 * The agent's own configuration as it is on disk, which is what its next start will read.
 *
 * @param file that it begins with
 * @param problems for which a start would refuse it, each one line; empty where it can be used
 */
public record Configuration(String file, List<String> problems) {

    public Configuration {
        problems = problems.stream().map(Untrusted::line).toList();
    }
}
