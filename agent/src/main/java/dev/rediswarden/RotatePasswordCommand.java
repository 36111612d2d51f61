package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redis-warden rotate-password}: a new password for Redis and its site. */
@Command(
        name = "rotate-password",
        description = "Gives Redis a new password, or its first one, together with its sites' environment files;"
                + " no site is kept out at any instant.",
        footer = {
            "",
            "First with --env-file, and with --finish once the site's services were restarted.",
            "Exits with 0 if it was done, 1 if not, 64 on a wrong command line, 75 if another run is "
                    + "at work, 77 without root's rights, 78 on a bad configuration."
        },
        mixinStandardHelpOptions = true)
final class RotatePasswordCommand implements Callable<Integer> {

    @Option(
            names = "--redis",
            paramLabel = "NAME",
            description = "Which [[redis]] of the configuration; the first when not given.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "An environment file with URLs of this server; once for each site that uses it.")
    private List<Path> envFiles = List.of();

    @Option(names = "--finish", description = "Has the new password alone count, once the site has it.")
    private boolean finish;

    @Option(
            names = "--force",
            description = "Goes on although a file in /srv/sum/*/.env was left out; what reads it is then locked out.")
    private boolean force;

    @Mixin
    private Commands.ConfigOption config = new Commands.ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (finish != envFiles.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "either --env-file or --finish is needed");
        }
        return new AsRoot(spec).run(config.file(), this::rotate);
    }

    private int rotate(Config read, PrintWriter out) throws IOException {
        RotatePassword rotation =
                new RotatePassword(read, out, System::nanoTime, force ? List.of() : RotatePassword.filesOfSites());
        RedisInstance redis = rotation.instance(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "--redis: no such server, or none that a unit of this host runs"));
        return new RootsLock(out).during(() -> finish ? rotation.finish(redis) : rotation.begin(redis, envFiles));
    }
}
