package dev.rediswarden.host;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.DataFiles.Place;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import dev.rediswarden.snapshot.Reading.Unknown;
import dev.rediswarden.snapshot.ServerState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Looks, with stat and at the append-only manifest, at the files that Redis says it writes. */
public final class DataFilesProbe implements Probe<DataFiles.Look> {

    /** More than a server ever has; a directory of somebody else's must not hold up a probe. */
    private static final int MOST_FILES = 1000;

    private final String instance;
    private final Supplier<Reading<ServerState>> server;
    private final Path mountinfo;

    /** @param server what it said last; of its parameters {@code dir}, {@code dbfilename}, … tell where to look */
    public DataFilesProbe(String instance, Supplier<Reading<ServerState>> server) {
        this(instance, server, Path.of("/proc/self/mountinfo"));
    }

    DataFilesProbe(String instance, Supplier<Reading<ServerState>> server, Path mountinfo) {
        this.instance = instance;
        this.server = server;
        this.mountinfo = mountinfo;
    }

    @Override
    public String name() {
        return "the data directory of " + instance;
    }

    @Override
    public Reading<DataFiles.Look> read() {
        return server.get()
                .fold(
                        said -> said.config().fold(config -> look(said.info(), config), DataFilesProbe::unknown),
                        DataFilesProbe::unknown);
    }

    private static Reading<DataFiles.Look> unknown(Unknown<?> unknown) {
        return Reading.unknown(unknown.cause(), "where it is is not known: " + unknown.detail());
    }

    private Reading<DataFiles.Look> look(Fields info, Fields config) {
        Optional<String> dir = config.text("dir");
        if (dir.isEmpty()) {
            return Reading.unknown(Cause.UNSUPPORTED, "CONFIG GET has no dir");
        }
        try {
            return Reading.known(new DataFiles.Look(
                    info, config, dir.get().isEmpty() ? gone("") : look(Path.of(dir.get()), config)));
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, e.getFile() + " may not be looked at");
        } catch (IOException | InvalidPathException | UncheckedIOException e) {
            return Reading.unknown(Cause.FAILED, dir.get() + " could not be looked at: " + e);
        }
    }

    private DataFiles look(Path directory, Fields config) throws IOException {
        if (attributes(directory).filter(PosixFileAttributes::isDirectory).isEmpty()) {
            return gone(directory.toString());
        }
        // Redis 7 keeps a directory of append-only files, with a manifest; Redis 6 one file.
        String name = config.text("appendfilename").orElse("appendonly.aof");
        Path aof = directory.resolve(config.text("appenddirname").orElse(name));
        return new DataFiles(
                directory.toString(),
                true,
                file(directory.resolve(config.text("dbfilename").orElse("dump.rdb"))),
                file(aof),
                config.is("appendonly", "yes") && Files.isDirectory(aof)
                        ? AofManifest.lacking(aof.resolve(name + ".manifest"), aof)
                        : Reading.known(List.of()),
                place(directory));
    }

    /** A server whose working directory was deleted does not know its name any more. */
    private static DataFiles gone(String directory) {
        return new DataFiles(
                directory, false, Optional.empty(), Optional.empty(), Reading.known(List.of()), Place.UNKNOWN);
    }

    private Place place(Path directory) throws IOException {
        Path real = directory.toRealPath();
        boolean open = true;
        for (Path above = real; above != null; above = above.getParent()) {
            open &= Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE);
        }
        Optional<Mounts.Mount> mount = Mounts.read(mountinfo).of(real);
        return new Place(
                OptionalInt.of((Integer) Files.getAttribute(real, "unix:uid")),
                open,
                Files.getPosixFilePermissions(real).contains(PosixFilePermission.GROUP_WRITE),
                Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_WRITE),
                mount.map(Mounts.Mount::type).orElse(""),
                mount.map(Mounts.Mount::readOnly).orElse(false),
                OptionalLong.of(Files.getFileStore(real).getUsableSpace()),
                FreeInodes.on(real));
    }

    private static Optional<DataFiles.File> file(Path path) throws IOException {
        Optional<PosixFileAttributes> attributes = attributes(path);
        return attributes.isEmpty() ? Optional.empty() : Optional.of(file(path, attributes.get()));
    }

    private static DataFiles.File file(Path path, PosixFileAttributes found) throws IOException {
        return new DataFiles.File(
                path.toString(),
                found.isDirectory() ? total(path) : found.size(),
                found.lastModifiedTime().toInstant(),
                found.permissions().contains(PosixFilePermission.OTHERS_READ));
    }

    private static long total(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.limit(MOST_FILES).mapToLong(DataFilesProbe::size).sum();
        }
    }

    /** A file that a rewrite has just deleted has none. */
    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private static Optional<PosixFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, PosixFileAttributes.class));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
