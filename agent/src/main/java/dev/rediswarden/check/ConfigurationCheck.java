package dev.rediswarden.check;

import dev.rediswarden.snapshot.Configuration;
import dev.rediswarden.snapshot.Reading;

/** The agent itself, of no instance: what is on disk is what its next start can use. */
final class ConfigurationCheck {

    static final String NAME = "configuration";

    private static final String DEFAULT_FILE = "/etc/redis-warden/redis-warden.toml";

    private ConfigurationCheck() {}

    static Verdict examine(Reading<Configuration> reading) {
        return reading.fold(
                ConfigurationCheck::judge,
                unknown -> Verdict.of(Finding.unknown(
                        unknown.detail(),
                        "whether the next start of redis-warden can use its configuration is not known",
                        "sudo redis-warden config")));
    }

    private static Verdict judge(Configuration onDisk) {
        int others = onDisk.problems().size() - 1;
        if (others < 0) {
            return Verdict.ok(onDisk.file() + " can be used");
        }
        String file = onDisk.file().equals(DEFAULT_FILE) ? "" : " --config " + Commands.word(onDisk.file());
        return Verdict.of(Finding.degraded(
                onDisk.problems().get(0) + (others > 0 ? " (and " + others + " more)" : ""),
                "what was loaded before is in force, and the next restart of redis-warden fails with exit code 78",
                "sudo redis-warden config" + file + " && sudo systemctl reload redis-warden.service"));
    }
}
