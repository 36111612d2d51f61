package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.host.Kernel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** What changes the host: for root alone, and a failure is a line and an exit code. */
record AsRoot(CommandSpec spec) {

    /** Where the configuration comes from. */
    interface Source {
        Config read() throws ConfigException;
    }

    /** The change itself. */
    interface Change {
        int with(Config config, PrintWriter out) throws IOException;
    }

    int run(Path configFile, Change change) {
        return run(() -> ConfigReader.read(configFile), change);
    }

    int run(Source source, Change change) {
        CommandLine command = spec.commandLine();
        if (!Kernel.isRoot()) {
            command.getErr()
                    .println("redis-warden: this changes the host and needs root's rights: try again with sudo");
            return Exit.NO_PERMISSION;
        }
        try {
            return change.with(source.read(), command.getOut());
        } catch (ConfigException e) {
            e.problems().forEach(command.getErr()::println);
            return Exit.CONFIG;
        } catch (IOException e) {
            command.getErr().println("redis-warden: " + e);
            return Exit.UNHEALTHY;
        }
    }
}
