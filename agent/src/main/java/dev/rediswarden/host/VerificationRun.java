package dev.rediswarden.host;

import dev.rediswarden.host.VerificationFile.At;
import dev.rediswarden.host.VerificationFile.Entry;
import dev.rediswarden.host.VerificationFile.State;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Verification.Progress;
import dev.rediswarden.snapshot.Verification.Verified;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** One look at the files of every server of this host, which tells how far it is and what it has found. */
public final class VerificationRun implements AutoCloseable {

    private static final long TELL_NANOS = 1_000_000_000;

    /** Somebody who follows it. */
    public interface Listener {

        /** So many bytes of all that there is to be read for this file. */
        void reading(String path, long read, long total);

        /** What was found in a file that was read, or in one that is still as it was. */
        void found(Verified verified, boolean asBefore);
    }

    private final VerificationFile file;
    private final CheckTool tools;
    private final PrivateCopies copies;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final Listener listener;
    private final State before;
    private final List<Entry> entries;
    private final Set<String> seen = new HashSet<>();
    private Optional<At> reading = Optional.empty();
    private long toldAt;

    /**
     * Begins one.
     *
     * @param file where it is told; what cannot be read of it is begun anew
     * @param parent where copies are made, in a directory of their own
     */
    public VerificationRun(
            Path file, Path parent, CheckTool tools, InstantSource clock, LongSupplier nanos, Listener listener)
            throws IOException {
        this.file = new VerificationFile(file);
        this.tools = tools;
        this.clock = clock;
        this.nanos = nanos;
        this.listener = listener;
        this.before = readable(this.file);
        this.entries = new ArrayList<>(before.entries());
        this.copies = PrivateCopies.in(parent, tools);
    }

    private static State readable(VerificationFile file) throws IOException {
        try {
            return file.read();
        } catch (VerificationFile.Unreadable e) {
            return State.NONE;
        }
    }

    /**
     * Verifies the files of one server.
     *
     * @param info its INFO; empty where it does not answer
     * @param config its parameters
     * @param answers asks whether it answers, anew each time
     * @throws IOException where its files cannot be listed, or the run cannot be told of
     */
    public List<Verified> verify(String instance, Fields info, Fields config, BooleanSupplier answers)
            throws IOException {
        List<RestartFile> begun = new ArrayList<>();
        Instant[] since = {clock.instant()};
        FileVerifier verifier = new FileVerifier(
                tools,
                copies,
                new FileVerifier.Server(
                        info.text("server_name").filter("valkey"::equals).isPresent()
                                || info.text("valkey_version").isPresent(),
                        info.text("executable").orElse(""),
                        rewrite(info, config),
                        answers),
                (read, total) -> tell(instance, begun.get(begun.size() - 1), since[0], read, total));
        seen.add(instance);
        try {
            List<Entry> found = new InstanceVerifier(instance, verifier, earlier(instance), clock)
                    .verify(
                            config,
                            next -> {
                                begun.add(next);
                                since[0] = clock.instant();
                                toldAt = nanos.getAsLong() - TELL_NANOS;
                                tell(instance, next, since[0], 0, size(next.path()));
                            },
                            this::keep);
            entries.removeIf(entry -> entry.instance().equals(instance) && !found.contains(entry));
            List<Path> read = begun.stream().map(RestartFile::path).toList();
            List<Verified> verified =
                    found.stream().map(VerificationProbe::verified).toList();
            for (int i = 0; i < found.size(); i++) {
                listener.found(verified.get(i), !read.contains(found.get(i).path()));
            }
            return verified;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            reading = Optional.empty();
        }
    }

    /** At once: whoever is killed at the next file need not read this one again. */
    private void keep(Entry entry) {
        entries.removeIf(
                old -> old.instance().equals(entry.instance()) && old.path().equals(entry.path()));
        entries.add(entry);
        reading = Optional.empty();
        write(before.ended());
    }

    /** Leaves what was found earlier of a server that cannot be looked at now. */
    public void skip(String instance) {
        seen.add(instance);
    }

    /** It is over: what is of no server any more is forgotten. */
    public void end() throws IOException {
        entries.removeIf(entry -> !seen.contains(entry.instance()));
        try {
            write(Optional.of(clock.instant()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private List<Entry> earlier(String instance) {
        return before.entries().stream()
                .filter(entry -> entry.instance().equals(instance))
                .toList();
    }

    /** As large as what is there, or as what is in memory: the next one is written beside the last. */
    private static long rewrite(Fields info, Fields config) throws IOException {
        long all;
        try {
            all = RestartFile.of(config).stream()
                    .mapToLong(next -> size(next.path()))
                    .sum();
        } catch (NoSuchFileException e) {
            all = 0;
        }
        return Math.max(all, info.number("used_memory_dataset").orElse(0) / 2);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0;
        }
    }

    private void tell(String instance, RestartFile next, Instant since, long read, long total) {
        listener.reading(next.path().toString(), read, total);
        if (nanos.getAsLong() - toldAt < TELL_NANOS) {
            return;
        }
        toldAt = nanos.getAsLong();
        reading = Optional.of(
                new At(instance, new Progress(next.path().toString(), read, total, since, clock.instant())));
        write(before.ended());
    }

    private void write(Optional<Instant> ended) {
        try {
            file.write(new State(ended, reading, entries));
        } catch (IOException e) {
            throw new UncheckedIOException(file.path() + " cannot be written", e);
        }
    }

    /** Ends the tool that runs, and removes what was copied; from any thread. */
    @Override
    public void close() throws IOException {
        tools.close();
        copies.close();
    }
}
