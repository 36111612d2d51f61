package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.host.Kernel;
import dev.rediswarden.notify.Backlog;
import dev.rediswarden.notify.Backlog.Waiting;
import dev.rediswarden.notify.Deliverer;
import dev.rediswarden.notify.Receiver;
import dev.rediswarden.notify.Spool;
import dev.rediswarden.snapshot.Untrusted;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code redis-warden notify}: what receivers were not told yet; or a test of them. */
@Command(
        name = "notify",
        description = "Prints what the receivers of [[notify]] were not told yet, or sends them a test.",
        footer = {
            "",
            "Exits with 0 if nothing was given up and each test was taken, 1 if not, 2 if that is not "
                    + "known, 64 on a wrong command line, 78 on a bad configuration."
        },
        mixinStandardHelpOptions = true)
final class NotifyCommand implements Callable<Integer> {

    /** One of the two. */
    static final class What {

        @Option(names = "--test", description = "Sends a test at once, to each receiver or the one that is named.")
        private boolean test;

        @Option(names = "--deliver", description = "Delivers what waits, as redis-warden-notify.service does it.")
        private boolean deliver;
    }

    @ArgGroup
    private @Nullable What what;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A receiver's name; all when not given.")
    private @Nullable String name;

    @Mixin
    private Commands.ConfigOption config = new Commands.ConfigOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (what != null && Kernel.isRoot()) {
            return asUser(what);
        }
        if (what != null && what.deliver) {
            return Deliver.run(config.file());
        }
        try {
            Config read = ConfigReader.read(config.file());
            List<Receiver> receivers = read.receivers().stream()
                    .filter(receiver -> name == null || receiver.name().equals(name))
                    .toList();
            if (receivers.isEmpty()) {
                err.println("redis-warden: " + config.file() + " has no [[notify]]"
                        + (name == null ? "" : " of that name"));
                return name == null ? Exit.OK : Exit.USAGE;
            }
            return what != null && what.test ? test(receivers) : list(receivers);
        } catch (ConfigException e) {
            e.problems().forEach(err::println);
            return Exit.of(e);
        } catch (IOException e) {
            err.println("redis-warden: what waits cannot be read (" + e.getMessage() + "); try again with sudo");
            return Exit.NOT_EVALUATED;
        }
    }

    /** A receiver's command and its files are those of the agent's user. */
    private int asUser(What asked) {
        List<String> words = new ArrayList<>(List.of(
                "notify",
                asked.test ? "--test" : "--deliver",
                "--config",
                config.file().toAbsolutePath().toString()));
        if (name != null) {
            words.add(name);
        }
        try {
            return AsUser.run(words);
        } catch (IOException e) {
            spec.commandLine().getErr().println("redis-warden: " + Untrusted.line(String.valueOf(e.getMessage())));
            return Exit.NOT_EVALUATED;
        }
    }

    private int test(List<Receiver> receivers) {
        int code = Exit.OK;
        for (Receiver receiver : receivers) {
            Optional<String> why = Deliverer.test(
                    receiver, Deliver.host(), UUID.randomUUID().toString(), InstantSource.system(), System::nanoTime);
            print(receiver, why.map(reason -> "not told: " + reason).orElse("told"));
            code = why.isPresent() ? Exit.UNHEALTHY : code;
        }
        return code;
    }

    private int list(List<Receiver> receivers) throws IOException {
        Spool spool = Deliver.spool(System.getenv());
        Backlog backlog = Backlog.read(spool);
        for (Receiver receiver : receivers) {
            print(
                    receiver,
                    backlog.receivers().stream()
                            .filter(waiting -> waiting.receiver().equals(receiver.name()))
                            .findFirst()
                            .map(NotifyCommand::line)
                            .orElse("nothing waits"));
        }
        if (backlog.failed() > 0) {
            spec.commandLine()
                    .getOut()
                    .println(backlog.failed() + " given up, kept in " + spool.directory() + "/failed");
        }
        spec.commandLine().getOut().flush();
        return backlog.failed() > 0 ? Exit.UNHEALTHY : Exit.OK;
    }

    private static String line(Waiting waiting) {
        String changes = waiting.changes() + (waiting.changes() == 1 ? " change waits" : " changes wait");
        return changes + " since " + waiting.since() + (waiting.why().isEmpty() ? "" : ": " + waiting.why());
    }

    private void print(Receiver receiver, String said) {
        spec.commandLine()
                .getOut()
                .println(receiver.name() + " (" + receiver.kind().word() + "): " + said);
        spec.commandLine().getOut().flush();
    }
}
