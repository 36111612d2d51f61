package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code redis-warden apply}: makes the host as it is wanted, or takes that back. */
@Command(
        name = "apply",
        description = "Enables and starts Redis, orders the units that need it, and makes the settings of Redis and"
                + " of the kernel as the configuration wishes them; each step is verified.",
        footer = {
            "",
            "Exits with 0 if the host is as it is wanted, 1 if a step failed,",
            "2 if systemd could not be asked, 64 on a wrong command line, 75 if another one is",
            "at work, 77 without root's rights, 78 on a bad configuration."
        },
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {

    @Option(names = "--units", description = "Units alone, without settings of Redis and the kernel.")
    private boolean units;

    @Option(
            names = "--unattended",
            description = "As redis-warden-apply.service: within the restart budget, and without what"
                    + " an administrator has stopped, disabled or paused.")
    private boolean unattended;

    @Option(names = "--revert", description = "Takes back what was written and enabled.")
    private boolean revert;

    @Mixin
    private Commands.ConfigOption config = new Commands.ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        return revert
                ? new AsRoot(spec)
                        .run(
                                () -> readOrDefault(config.file()),
                                (read, out) -> new Revert(read, out, InstantSource.system(), System::nanoTime)
                                        .run(units ? Scope.UNITS : Scope.ALL))
                : new AsRoot(spec)
                        .run(
                                config.file(),
                                (read, out) -> new Apply(read, out, InstantSource.system(), System::nanoTime)
                                        .apply(!unattended, units || unattended ? Scope.UNITS : Scope.ALL));
    }

    /** A bad configuration keeps nobody from taking back what was done: a removal least of all. */
    private static Config readOrDefault(Path file) {
        try {
            return ConfigReader.read(file);
        } catch (ConfigException e) {
            return ConfigReader.byDefault();
        }
    }
}
