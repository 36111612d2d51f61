package dev.rediswarden.host;

import dev.rediswarden.host.CheckTool.Ran;
import dev.rediswarden.snapshot.Verification.Outcome;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks into one file with the server's own tool. A snapshot is read where it is, held open, so that it stays the one that
 * it was; a log is copied first, for redis-check-aof opens for writing whatever it is asked. Neither is ever mended here.
 */
final class FileVerifier {

    /** How often a log is looked at that is written to while it is copied. */
    private static final int LOOKS = 5;

    /** What was found, and in which file. */
    record Found(FileIdentity identity, ToolWords said) {}

    /** Told how far it is, in bytes. */
    interface Progress {
        void read(long bytes, long total);
    }

    private final CheckTool tools;
    private final PrivateCopies copies;
    private final Server server;
    private final Progress progress;

    /**
     * Whose files they are.
     *
     * @param program where it says that its program is
     * @param rewrite how many bytes it writes when it rewrites its data
     * @param answers whether it answers once more: what it was writing before is then written whole (it has one thread for both)
     */
    record Server(boolean valkey, String program, long rewrite, BooleanSupplier answers) {}

    FileVerifier(CheckTool tools, PrivateCopies copies, Server server, Progress progress) {
        this.tools = tools;
        this.copies = copies;
        this.server = server;
        this.progress = progress;
    }

    /** @throws NoSuchFileException where it is not there any more */
    Found verify(RestartFile file) throws IOException {
        FileIdentity before = FileIdentity.of(file.path());
        try {
            if (!Files.isReadable(file.path())) {
                throw new AccessDeniedException(file.path().toString());
            }
            return switch (file.kind()) {
                case MANIFEST -> manifest(file, before);
                default -> file.isSnapshot() ? snapshot(file, before) : log(file, before);
            };
        } catch (PrivateCopies.NoRoom e) {
            return new Found(before, new ToolWords(Outcome.NO_ROOM, 0, String.valueOf(e.getMessage())));
        } catch (AccessDeniedException e) {
            return new Found(before, new ToolWords(Outcome.DENIED, 0, "this user may not read " + e.getFile()));
        } catch (ToolMissing e) {
            return new Found(before, new ToolWords(Outcome.TOOL_MISSING, 0, String.valueOf(e.getMessage())));
        } finally {
            copies.clear();
        }
    }

    private static final class ToolMissing extends IOException {

        private static final long serialVersionUID = 1L;

        ToolMissing(String message) {
            super(message);
        }
    }

    private Path tool(String kind) throws ToolMissing {
        return tools.find(kind, server.valkey(), server.program())
                .orElseThrow(() ->
                        new ToolMissing("neither redis-check-" + kind + " nor valkey-check-" + kind + " is there"));
    }

    private Found snapshot(RestartFile file, FileIdentity before) throws IOException {
        Path tool = tool("rdb");
        Held held = new Held(before.size());
        Ran ran = tools.run(List.of(tool.toString(), CheckTool.INPUT), file.path(), held);
        FileIdentity looked = held.identity == null ? before : held.identity;
        FileIdentity after = FileIdentity.of(file.path());
        // Another one in its place is no matter, where it is known which one was read; one that is written in place is.
        boolean other = held.identity != null && after.inode() != looked.inode();
        if (!other && !after.equals(looked)) {
            return changed(file, looked);
        }
        return new Found(looked, ToolWords.ofRdb(ran, name(tool)));
    }

    private Found manifest(RestartFile file, FileIdentity before) throws IOException {
        Path tool = tool("aof");
        List<String> names = names(file.path());
        Path copy = copies.standIns(file.path(), names);
        Ran ran = tools.run(List.of(tool.toString(), copy.toString()), CheckTool.NO_INPUT, CheckTool.UNWATCHED);
        return FileIdentity.of(file.path()).equals(before)
                ? new Found(before, ToolWords.ofManifest(ran, name(tool)))
                : changed(file, before);
    }

    /** Of the files that stand in for those it names; none where it is not understood, which the tool then says. */
    private static List<String> names(Path manifest) throws IOException {
        try {
            return AofManifest.loaded(manifest).stream().map(ManifestLine::name).toList();
        } catch (AofManifest.NotUnderstood e) {
            return List.of();
        }
    }

    /** What is not whole at its end may be whole a moment later; only what stays wrong at one place is wrong. */
    private Found log(RestartFile file, FileIdentity first) throws IOException {
        Found found = look(file, first);
        for (int looks = 1; looks < LOOKS; looks++) {
            Outcome outcome = found.said().outcome();
            if (outcome != Outcome.TORN && outcome != Outcome.DAMAGED) {
                return found;
            }
            boolean answered = server.answers().getAsBoolean();
            Found again = look(file, FileIdentity.of(file.path()));
            if (isSame(found, again)) {
                return settled(file, found, again, answered);
            }
            found = again;
        }
        return found.said().outcome() == Outcome.GOOD ? found : changed(file, found.identity());
    }

    private static boolean isSame(Found found, Found again) {
        return found.identity().isGrownTo(again.identity())
                && !again.said().outcome().equals(Outcome.GOOD)
                && again.said().offset() == found.said().offset();
    }

    private static Found settled(RestartFile file, Found found, Found again, boolean answered) {
        ToolWords said = again.said();
        boolean grown = again.identity().size() > found.identity().size();
        if (said.outcome() != Outcome.TORN || (!grown && file.last())) {
            return again;
        }
        return grown && !answered
                ? changed(file, again.identity())
                : new Found(again.identity(), new ToolWords(Outcome.DAMAGED, said.offset(), said.words()));
    }

    private Found look(RestartFile file, FileIdentity identity) throws IOException {
        if (identity.size() == 0) {
            return new Found(identity, new ToolWords(Outcome.GOOD, 0, "")); // Redis 6's tool calls that a fault
        }
        Path tool = tool("aof");
        // Twice the way: it is copied, then read.
        long way = 2 * identity.size();
        Path copy = copies.copy(file.path(), server.rewrite(), bytes -> progress.read(bytes, way));
        FileIdentity copied = new FileIdentity(identity.inode(), Files.size(copy), identity.modified());
        if (FileIdentity.of(file.path()).inode() != identity.inode()) {
            return changed(file, identity);
        }
        Ran ran = tools.run(List.of(tool.toString(), copy.toString()), CheckTool.NO_INPUT, new CheckTool.Watcher() {
            @Override
            public void begun(long pid) {}

            @Override
            public void accept(long read) {
                progress.read(identity.size() + read, way);
            }
        });
        ToolWords said = ToolWords.ofAof(ran, name(tool), copy);
        return new Found(copied, said);
    }

    private static Found changed(RestartFile file, FileIdentity identity) {
        return new Found(
                identity,
                new ToolWords(Outcome.CHANGED, 0, file.path().getFileName() + " was replaced while it was read"));
    }

    private static String name(Path tool) {
        return String.valueOf(tool.getFileName());
    }

    /** Which file a tool holds open: the one that was there when it began. */
    private final class Held implements CheckTool.Watcher {

        private final long total;
        private @Nullable FileIdentity identity;

        Held(long total) {
            this.total = total;
        }

        @Override
        public void begun(long pid) {
            identity = of(pid).orElse(null);
        }

        private static Optional<FileIdentity> of(long pid) {
            try {
                return Optional.of(FileIdentity.of(Path.of("/proc/" + pid + "/fd/0")));
            } catch (IOException e) {
                return Optional.empty(); // it has ended already
            }
        }

        @Override
        public void accept(long read) {
            progress.read(read, identity == null ? total : identity.size());
        }
    }
}
