package dev.rediswarden;

import dev.rediswarden.cli.ReportTable;
import dev.rediswarden.cli.RunningDaemon;
import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.redis.AclRule;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The commands and their options. */
@Command(
        name = "redis-warden",
        description = "Proves that the Redis of this host can be relied on.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            CheckCommand.class,
            VerifyCommand.class,
            ApplyCommand.class,
            RotatePasswordCommand.class,
            EventCommand.class,
            NotifyCommand.class
        },
        footer = {"", "See redis-warden(1) and redis-warden.toml(5)."})
final class Commands implements Callable<Integer> {

    private static final String CONFIG_FILE = "/etc/redis-warden/redis-warden.toml";

    /** The configuration that a command reads. */
    static final class ConfigOption {

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = CONFIG_FILE,
                description = "Instead of ${DEFAULT-VALUE}.")
        private Path file = ConfigReader.DEFAULT_FILE;

        Path file() {
            return file;
        }
    }

    /** How the daemon's report is printed. */
    enum StatusFormat {
        TEXT,
        JSON
    }

    /** Of what is changed; all of it when neither is given. */
    static final class ScopeOption {

        @Option(names = "--units", description = "Units alone, without settings of Redis and the kernel.")
        private boolean units;

        @Option(names = "--settings", description = "Settings of Redis and the kernel alone, without units.")
        private boolean settings;

        Scope scope() {
            return units ? Scope.UNITS : settings ? Scope.SETTINGS : Scope.ALL;
        }
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    @Command(
            name = "agent",
            description = "The daemon, as redis-warden.service runs it.",
            mixinStandardHelpOptions = true)
    int agent(@Mixin ConfigOption config) throws InterruptedException {
        return Agent.run(config.file);
    }

    @Command(name = "status", description = "Prints the running daemon's report.", mixinStandardHelpOptions = true)
    int status(
            @Option(
                            names = "--format",
                            paramLabel = "text|json",
                            defaultValue = "text",
                            description = "The form of the answer; ${DEFAULT-VALUE} when not given.")
                    StatusFormat format,
            @Option(
                            names = "--watch",
                            arity = "0..1",
                            paramLabel = "SECONDS",
                            fallbackValue = "2",
                            description = "Again and again, 2 s after each other when not given, until Ctrl-C.")
                    @Nullable
                    Integer watch,
            @Mixin ConfigOption configFile) {
        if (watch != null && (watch < 1 || watch > 3600 || format == StatusFormat.JSON)) {
            throw new ParameterException(
                    spec.commandLine(), "--watch must be of 1 to 3600 seconds, and is for text alone");
        }
        try {
            return status(ConfigReader.read(configFile.file).listen(), format, watch, Exit.NOT_EVALUATED);
        } catch (ConfigException e) {
            // The daemon has what it had loaded before; and who may not read the file may ask it all the same.
            if (!e.isDenied()) {
                badConfig(e);
            }
            if (!configFile.file.equals(ConfigReader.DEFAULT_FILE) && !Files.exists(configFile.file)) {
                return Exit.CONFIG; // of which daemon it would be is not known
            }
            return status(e.listen(), format, watch, Exit.of(e));
        }
    }

    /** @param silent the exit code where the daemon does not answer */
    private int status(InetSocketAddress listen, StatusFormat format, @Nullable Integer watch, int silent) {
        if (watch != null) {
            return StatusWatch.of(listen, out()).run(Duration.ofSeconds(watch));
        }
        try {
            RunningDaemon.Answer answer = RunningDaemon.health(listen);
            out().print(
                            format == StatusFormat.JSON
                                    ? answer.json()
                                    : ReportTable.of(answer.json()).text());
            out().flush();
            return answer.healthy() ? Exit.OK : Exit.UNHEALTHY;
        } catch (IOException e) {
            err().println("redis-warden: the daemon does not answer (" + e.getMessage()
                    + "); see: sudo systemctl status redis-warden.service"
                    + (silent == Exit.NO_PERMISSION ? "; if it listens elsewhere: sudo redis-warden status" : ""));
            return silent;
        }
    }

    @Command(
            name = "plan",
            description = "Prints what 'apply' would change, as a diff.",
            footer = {
                "",
                "Exits with 0 if there is nothing to do, 3 if there is, 2 if that is not known, 64 on a "
                        + "wrong command line, 78 on a bad configuration."
            },
            mixinStandardHelpOptions = true)
    int plan(@ArgGroup @Nullable ScopeOption scope, @Mixin ConfigOption configFile) {
        try {
            return new Apply(ConfigReader.read(configFile.file), out(), InstantSource.system(), System::nanoTime)
                    .plan(scope == null ? Scope.ALL : scope.scope());
        } catch (ConfigException e) {
            return badConfig(e);
        }
    }

    @Command(
            name = "pause",
            description = "For maintenance: nothing is changed but by a person, until the time is over or 'resume'.",
            mixinStandardHelpOptions = true)
    int pause(
            @Parameters(paramLabel = "DURATION", description = "30m, 2h, …; at most 168h.", converter = Span.class)
                    Duration duration) {
        // It needs no configuration, and is not kept from it by a bad one.
        return new AsRoot(spec)
                .run(
                        ConfigReader::byDefault,
                        (config, out) -> maintenance(config, out).pause(duration));
    }

    @Command(
            name = "resume",
            description = "Ends a pause, and begins anew with units and settings that were given up.",
            mixinStandardHelpOptions = true)
    int resume(@Mixin ConfigOption configFile) {
        return new AsRoot(spec)
                .run(configFile.file, (config, out) -> maintenance(config, out).resume());
    }

    private static Maintenance maintenance(Config config, PrintWriter out) {
        return new Maintenance(config, out, InstantSource.system(), System::nanoTime);
    }

    /** A duration as the configuration writes it. */
    static final class Span implements ITypeConverter<Duration> {

        @Override
        public Duration convert(String text) {
            return ConfigReader.duration(text, Duration.ofSeconds(1), Duration.ofDays(7))
                    .orElseThrow(() -> new TypeConversionException("must be a duration from 1s to 168h, as 30m"));
        }
    }

    @Command(
            name = "config",
            description = "Prints the configuration in effect, with each value's origin.",
            mixinStandardHelpOptions = true)
    int config(
            @Option(
                            names = "--acl",
                            description = "Prints instead the least that redis-warden's user must be allowed in Redis,"
                                    + " as a line of an ACL file.")
                    boolean acl,
            @Mixin ConfigOption configFile) {
        try {
            Config config = ConfigReader.read(configFile.file);
            if (acl) {
                config.redis().forEach(this::printAcl);
            } else {
                for (Config.Setting setting : config.settings()) {
                    out().printf("%-32s %-24s # %s%n", setting.key(), setting.value(), setting.origin());
                }
            }
            out().flush();
            return Exit.OK;
        } catch (ConfigException e) {
            return badConfig(e);
        }
    }

    private void printAcl(RedisInstance redis) {
        out().println("# " + redis.name() + ": in its aclfile, or in redis.conf; to it belongs a password, >PASSWORD or"
                + " #SHA256.");
        out().println("# Then in " + CONFIG_FILE + ": url = \"redis://redis-warden@HOST\", and password_file.");
        out().println(AclRule.of("redis-warden", redis.policy().queues()));
    }

    private int badConfig(ConfigException e) {
        e.problems().forEach(err()::println);
        return Exit.of(e);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
