package dev.rediswarden;

import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.history.Event;
import dev.rediswarden.history.EventLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code redis-warden event deploy}: what others have done to the host, for the daemon to tell beside its own. */
@Command(
        name = "event",
        description = "Takes down what was done to this host, to be told among the events.",
        synopsisSubcommandLabel = "deploy",
        mixinStandardHelpOptions = true)
final class EventCommand implements Runnable {

    private static final Pattern REF = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/@+^~-]{0,199}");
    private static final Pattern SITE = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
    private static final int LONGEST_NOTE = 300;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "what has happened is missing: deploy");
    }

    @Command(
            name = "deploy",
            description = "Somebody has deployed.",
            footer = {"", "Exits with 0, 64 on a wrong command line, 77 without root's rights."},
            mixinStandardHelpOptions = true)
    int deploy(
            @Option(names = "--ref", paramLabel = "REF", required = true, description = "A commit, tag or branch.")
                    String ref,
            @Option(names = "--site", paramLabel = "SITE", defaultValue = "", description = "Of which site.")
                    String site,
            @Option(names = "--note", paramLabel = "TEXT", defaultValue = "", description = "How it went; one line.")
                    String note) {
        if (!REF.matcher(ref).matches()) {
            throw new ParameterException(spec.commandLine(), "--ref must be a commit, tag or branch");
        }
        if (!site.isEmpty() && !SITE.matcher(site).matches()) {
            throw new ParameterException(
                    spec.commandLine(), "--site must be of a-z, 0-9, _ and -, as in the names of its units");
        }
        if (note.length() > LONGEST_NOTE) {
            throw new ParameterException(
                    spec.commandLine(), "--note must be of " + LONGEST_NOTE + " characters at most");
        }
        return new AsRoot(spec).run(ConfigReader::byDefault, (config, out) -> {
            write(Chronicle.OF_ROOT, ref, site, note, InstantSource.system());
            return Exit.OK;
        });
    }

    static void write(EventLog log, String ref, String site, String note, InstantSource clock) throws IOException {
        Path directory = log.file().toAbsolutePath().resolveSibling(".").normalize();
        if (!Files.isDirectory(directory)) {
            // tmpfiles.d has made it, where somebody has not taken it away.
            Files.createDirectory(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        log.append(List.of(
                new Event(clock.instant(), Event.Kind.DEPLOY, "", site, note.isEmpty() ? ref : ref + ": " + note)));
    }
}
