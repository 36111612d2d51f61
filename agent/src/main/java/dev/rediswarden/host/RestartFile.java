package dev.rediswarden.host;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Verification.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file that a restart of the server loads, or that lies there as a backup.
 *
 * @param last whether the server may be writing to it: a tail that is not whole is no fault of the others only
 */
record RestartFile(Kind kind, Path path, boolean last) {

    /**
     * All of a server.
     *
     * @param config its parameters: dir, dbfilename, appendonly, appenddirname (since Redis 7), appendfilename
     * @throws NoSuchFileException where AOF is on and its manifest is not there, or the whole directory
     */
    static List<RestartFile> of(Fields config) throws IOException {
        Optional<Path> dir = config.text("dir").filter(name -> !name.isEmpty()).map(Path::of);
        if (dir.isEmpty()) {
            throw new NoSuchFileException("the server's working directory");
        }
        List<RestartFile> files = new ArrayList<>();
        if (config.is("appendonly", "yes")) {
            String name = config.text("appendfilename").orElse("appendonly.aof");
            // A redis.conf need not name it.
            Path usual = dir.get().resolve("appendonlydir");
            Optional<Path> directory = config.text("appenddirname")
                    .map(dir.get()::resolve)
                    .or(() -> Optional.of(usual).filter(Files::isDirectory));
            if (directory.isPresent()) {
                addListed(files, directory.get(), directory.get().resolve(name + ".manifest"));
            } else {
                files.add(new RestartFile(Kind.LOG, dir.get().resolve(name), true));
            }
        }
        Path dump = dir.get().resolve(config.text("dbfilename").orElse("dump.rdb"));
        if (Files.exists(dump)) {
            files.add(new RestartFile(Kind.DUMP, dump, false));
        }
        return files;
    }

    private static void addListed(List<RestartFile> files, Path directory, Path manifest) throws IOException {
        files.add(new RestartFile(Kind.MANIFEST, manifest, false));
        List<ManifestLine> entries;
        try {
            entries = AofManifest.loaded(manifest);
        } catch (AofManifest.NotUnderstood e) {
            return; // which files it names is for Redis' own tool to refuse
        }
        for (int i = 0; i < entries.size(); i++) {
            files.add(new RestartFile(
                    entries.get(i).type() == 'b' ? Kind.BASE : Kind.INCREMENT,
                    directory.resolve(entries.get(i).name()),
                    i == entries.size() - 1));
        }
    }

    /** Written once and renamed into its place: what is open stays as it is. Redis names it so (aof.c, rdb.c). */
    boolean isSnapshot() {
        return kind == Kind.DUMP || (kind == Kind.BASE && path.toString().endsWith(".rdb"));
    }
}
