package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.host.CheckTool;
import dev.rediswarden.host.Kernel;
import dev.rediswarden.host.PrivateCopies;
import dev.rediswarden.host.VerificationFile;
import dev.rediswarden.host.VerificationRun;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code redis-warden verify}: reads what a restart would load, as redis-warden-verify.service has it done each hour. */
@Command(
        name = "verify",
        description = "Reads the files that a restart of Redis would load, with Redis' own tools.",
        footer = {
            "",
            "Exits with 0 if they are good, 1 if one is damaged, 2 if that is not known, 64 on a "
                    + "wrong command line, 75 if another one is at work, 77 without the rights for it, 78 on a "
                    + "bad configuration."
        },
        mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

    /** At the priority of nobody else's time. */
    private static final List<String> IDLE = List.of("nice", "-n", "19", "ionice", "-c", "3");

    @Mixin
    private Commands.ConfigOption config = new Commands.ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Config read = ConfigReader.read(config.file());
            return Kernel.isRoot()
                    ? AsUser.run(
                            IDLE,
                            List.of(
                                    "verify",
                                    "--config",
                                    config.file().toAbsolutePath().toString()))
                    : locked(read);
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            return Exit.of(e);
        } catch (AccessDeniedException e) {
            err.println("redis-warden: this user may not write " + e.getFile() + ": try again with sudo");
            return Exit.NO_PERMISSION;
        } catch (IOException e) {
            err.println("redis-warden: " + Untrusted.line(String.valueOf(e.getMessage())));
            return Exit.NOT_EVALUATED;
        }
    }

    private int locked(Config read) throws IOException {
        Path lock = VerificationFile.DEFAULT.resolveSibling("verify.lock");
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = file.tryLock()) {
            if (held == null) {
                spec.commandLine().getErr().println("redis-warden: another verification is at work");
                return Exit.TEMPORARY;
            }
            return run(read);
        }
    }

    private int run(Config read) throws IOException {
        VerifyText text = new VerifyText(spec.commandLine().getOut(), progress());
        try (VerificationRun run = new VerificationRun(
                VerificationFile.DEFAULT,
                PrivateCopies.PARENT,
                new CheckTool(CheckTool.DIRECTORIES),
                InstantSource.system(),
                System::nanoTime,
                text)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> closeQuietly(run), "stop"));
            return new Verify(read, run, text, System::nanoTime).all();
        }
    }

    private static void closeQuietly(VerificationRun run) {
        try {
            run.close();
        } catch (IOException e) {
            // The next run removes what is left.
        }
    }

    /** For a person who waits; a log has no use for it. */
    private @Nullable Consumer<String> progress() {
        if (!Kernel.isErrorTerminal()) {
            return null;
        }
        PrintWriter err = spec.commandLine().getErr();
        return line -> {
            err.print("\r\u001b[K" + Untrusted.line(line) + "\r");
            err.flush();
        };
    }
}
