package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
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
            "Exits with 0 if the host is as it is wanted, 1 if a step failed, 2 if systemd could not "
                    + "be asked, 64 on a wrong command line, 75 if another one is at work, 77 without root's "
                    + "rights, 78 on a bad configuration."
        },
        mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {

    @ArgGroup
    private Commands.ScopeOption scope = new Commands.ScopeOption();

    @Option(
            names = "--unattended",
            description = "As redis-warden-apply.service: within the restart budget, and without what an administrator"
                    + " has stopped, disabled or paused. With --settings as redis-warden-enforce.service: what says"
                    + " enforce = true, and nothing again and again. With --revert as the package's removal.")
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
                ? new AsRoot(spec).run(() -> readOrDefault(config.file()), this::revert)
                : new AsRoot(spec).run(config.file(), this::apply);
    }

    private int revert(Config read, PrintWriter out) throws IOException {
        return new Revert(read, out, InstantSource.system(), System::nanoTime).run(scope.scope(), !unattended);
    }

    private int apply(Config read, PrintWriter out) throws IOException {
        if (unattended) {
            return unattended(scope.scope(), read, out);
        }
        Apply apply = new Apply(read, out, InstantSource.system(), System::nanoTime);
        int code = apply.apply(true, scope.scope());
        if (!scope.scope().hasSettings() && code == Exit.OK) {
            apply.tellOfSettings();
        }
        return code;
    }

    /** As the services call it: units, where nothing else is said. */
    static int unattended(Scope scope, Config read, PrintWriter out) throws IOException {
        return scope == Scope.SETTINGS
                ? new Enforce(read, out, InstantSource.system(), System::nanoTime).run()
                : new Apply(read, out, InstantSource.system(), System::nanoTime).apply(false, Scope.UNITS);
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
