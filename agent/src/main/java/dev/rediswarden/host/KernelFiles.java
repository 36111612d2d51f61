package dev.rediswarden.host;

import dev.rediswarden.files.WholeFile;
import dev.rediswarden.plan.Action.SetKernel;
import dev.rediswarden.plan.Outcome;
import dev.rediswarden.plan.Outcome.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Sets what Redis needs of the kernel, now and at each boot, and remembers what it was. Run by root, one at a time. */
public final class KernelFiles {

    private final Path root;
    private final Path ledger;

    /** @param state a directory that only root can read */
    public KernelFiles(Path state) {
        this(Path.of("/"), state);
    }

    KernelFiles(Path root, Path state) {
        this.root = root;
        this.ledger = state.resolve("kernel");
    }

    /** The file first, then the running kernel; where one fails, both are as before. */
    public Outcome carryOut(SetKernel change) {
        List<SetKernel.Live> done = new ArrayList<>();
        try {
            remember(change);
            write(at(change.path()), change.content());
            for (SetKernel.Live live : change.live()) {
                done.add(live);
                set(live.file(), live.value());
            }
            return new Outcome(change, Result.DONE, "the kernel shows it, and a boot reads " + change.path());
        } catch (IOException e) {
            return new Outcome(change, Result.FAILED, reason(e) + rollBack(change, done));
        }
    }

    private String rollBack(SetKernel change, List<SetKernel.Live> done) {
        try {
            write(at(change.path()), change.before());
            for (SetKernel.Live live : done) {
                set(live.file(), live.now());
            }
            return "; everything was taken back";
        } catch (IOException e) {
            return "; taking it back failed as well (" + reason(e) + "), the next run tries again";
        }
    }

    /** Takes our files away, and sets in the running kernel what was there before the first change. */
    public List<Outcome> revert(List<String> ours) {
        List<SetKernel.Live> before = new ArrayList<>();
        try {
            for (String line : lines()) {
                String[] words = line.split(" ", 3);
                if (words.length == 3) {
                    before.add(new SetKernel.Live(words[0], words[1], words[2]));
                }
            }
        } catch (IOException e) {
            before.clear();
        }
        List<Outcome> outcomes = new ArrayList<>();
        for (String path : ours) {
            if (Files.exists(at(path))) {
                outcomes.add(remove(path));
            }
        }
        for (SetKernel.Live live : before) {
            outcomes.add(putBack(live));
        }
        if (outcomes.stream().allMatch(Outcome::isDone)) {
            try {
                Files.deleteIfExists(ledger);
            } catch (IOException e) {
                return outcomes; // what it says is so by now, and stays so
            }
        }
        return outcomes;
    }

    private Outcome remove(String path) {
        SetKernel action = new SetKernel(path, "", "", List.of());
        try {
            Files.delete(at(path));
            return new Outcome(action, Result.DONE, "the file is gone");
        } catch (IOException e) {
            return new Outcome(action, Result.FAILED, reason(e));
        }
    }

    /** Not where somebody has set it to something else since. */
    private Outcome putBack(SetKernel.Live live) {
        SetKernel action =
                new SetKernel("", "", "", List.of(new SetKernel.Live(live.file(), live.value(), live.now())));
        try {
            if (!chosen(live.file()).equals(live.value())) {
                return new Outcome(
                        action, Result.DONE, "somebody has set it to " + chosen(live.file()) + ", which stays");
            }
            set(live.file(), live.now());
            return new Outcome(action, Result.DONE, "it is as before");
        } catch (IOException e) {
            return new Outcome(action, Result.FAILED, reason(e));
        }
    }

    private void remember(SetKernel change) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        for (SetKernel.Live live : change.live()) {
            if (lines.stream().noneMatch(line -> line.startsWith(live.file() + " "))) {
                lines.add(live.file() + " " + live.now() + " " + live.value());
            }
        }
        replace(ledger, lines.stream().map(line -> line + "\n").collect(Collectors.joining()), "rw-------");
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(ledger);
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Writes it, and sees that it is there. */
    private void set(String file, String value) throws IOException {
        Files.writeString(at(file), value, StandardOpenOption.WRITE);
        String now = chosen(file);
        if (!now.equals(value)) {
            throw new IOException(file + " was written, and is " + now);
        }
    }

    /** The word in brackets, where there is a choice. */
    private String chosen(String file) throws IOException {
        return Kernel.text(at(file)).replaceFirst("^.*\\[(.*)].*$", "$1");
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    private static void write(Path file, String text) throws IOException {
        if (text.isEmpty()) {
            Files.deleteIfExists(file);
        } else {
            replace(file, text, "rw-r--r--");
        }
    }

    private static void replace(Path file, String text, String mode) throws IOException {
        new WholeFile(file, true).replace(text.getBytes(StandardCharsets.UTF_8), mode);
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName() + " " + file.getFile()
                : String.valueOf(e.getMessage());
    }
}
