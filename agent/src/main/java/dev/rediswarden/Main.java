package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.json.Build;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.tinylog.Logger;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The program's entry. */
public final class Main {

    /** What {@code --version} prints. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            Build build = Build.read();
            return new String[] {
                "redis-warden " + build.version() + " (" + build.gitSha() + ")", "Java " + build.runtime()
            };
        }
    }

    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        // The daemon's own call needs no parser, which would cost it a tenth of a second and two megabytes for good.
        List<String> words = List.of(args);
        if (words.equals(List.of("agent"))) {
            System.exit(Agent.run(ConfigReader.DEFAULT_FILE));
        } else if (words.size() == 3 && words.subList(0, 2).equals(List.of("agent", "--config"))) {
            System.exit(Agent.run(Path.of(words.get(2))));
        } else if (words.equals(List.of("apply", "--units", "--unattended"))) {
            System.exit(applyUnattended(Scope.UNITS));
        } else if (words.equals(List.of("apply", "--settings", "--unattended"))) {
            System.exit(applyUnattended(Scope.SETTINGS));
        } else if (words.equals(List.of("notify", "--deliver"))) {
            System.exit(Deliver.run(ConfigReader.DEFAULT_FILE));
        }
        System.exit(commandLine().execute(args));
    }

    /** As root's services call it: a failed Redis waits for the end of it. */
    private static int applyUnattended(Scope scope) {
        // Each decision is in the journal already; what else there is to say is, where nothing was decided.
        StringWriter said = new StringWriter();
        try {
            Config config = ConfigReader.read(ConfigReader.DEFAULT_FILE);
            int code = ApplyCommand.unattended(scope, config, new PrintWriter(said));
            if (code != Exit.OK) {
                said.toString().lines().forEach(line -> Logger.warn("{}", line));
            }
            return code;
        } catch (ConfigException e) {
            e.problems().forEach(problem -> Logger.error("{}", problem));
            return Exit.CONFIG;
        } catch (IOException e) {
            Logger.error("{}", e.toString());
            return Exit.UNHEALTHY;
        }
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Commands());
        commandLine.setParameterExceptionHandler((wrong, args) -> usage(wrong));
        commandLine.setExecutionExceptionHandler((failed, command, parsed) -> failure(failed, command));
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        return commandLine;
    }

    /** Not 1: a defect here says nothing about Redis. */
    private static int failure(Exception failed, CommandLine command) {
        command.getErr()
                .println("redis-warden: failed with " + failed.getClass().getName() + "; report this as a defect");
        Logger.debug(failed, "stack trace");
        return Exit.NOT_EVALUATED;
    }

    /** One line that says what is wrong, and where help is. */
    private static int usage(ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        // A URL in the wrong place may hold a password.
        String message = String.valueOf(wrong.getMessage()).replaceAll("[^\\s'\"/]*:\\S*@", "***@");
        command.getErr().println("redis-warden: " + message);
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help' for what there is.");
        return Exit.USAGE;
    }
}
