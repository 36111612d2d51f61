package dev.rediswarden.host;

import dev.rediswarden.snapshot.DataFiles;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks, with stat alone, at the files that Redis says it writes. */
public final class DataFilesProbe implements Probe<DataFiles> {

    private final String instance;
    private final Supplier<Reading<Fields>> config;

    /** @param config the server's parameters as they were read last: {@code dir}, {@code dbfilename}, … */
    public DataFilesProbe(String instance, Supplier<Reading<Fields>> config) {
        this.instance = instance;
        this.config = config;
    }

    @Override
    public String name() {
        return "the data directory of " + instance;
    }

    @Override
    public Reading<DataFiles> read() {
        return config.get()
                .fold(
                        DataFilesProbe::look,
                        unknown -> Reading.unknown(unknown.cause(), "where it is is not known: " + unknown.detail()));
    }

    private static Reading<DataFiles> look(Fields config) {
        Optional<String> dir = config.text("dir");
        if (dir.isEmpty()) {
            return Reading.unknown(Cause.UNSUPPORTED, "CONFIG GET has no dir");
        }
        try {
            Path directory = Path.of(dir.get());
            boolean exists = attributes(directory)
                    .filter(BasicFileAttributes::isDirectory)
                    .isPresent();
            // Redis 7 keeps a directory of append-only files, with a manifest; Redis 6 one file.
            String aof = config.text("appenddirname")
                    .or(() -> config.text("appendfilename"))
                    .orElse("appendonly.aof");
            return Reading.known(new DataFiles(
                    dir.get(),
                    exists,
                    exists ? file(directory.resolve(config.text("dbfilename").orElse("dump.rdb"))) : Optional.empty(),
                    exists ? file(directory.resolve(aof)) : Optional.empty()));
        } catch (AccessDeniedException e) {
            return Reading.unknown(Cause.DENIED, e.getFile() + " may not be looked at");
        } catch (IOException | InvalidPathException e) {
            return Reading.unknown(Cause.FAILED, dir.get() + " could not be looked at: " + e);
        }
    }

    private static Optional<DataFiles.File> file(Path path) throws IOException {
        return attributes(path)
                .map(found -> new DataFiles.File(
                        path.toString(), found.size(), found.lastModifiedTime().toInstant()));
    }

    private static Optional<BasicFileAttributes> attributes(Path path) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, new LinkOption[0]));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
