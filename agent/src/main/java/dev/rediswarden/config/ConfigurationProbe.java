package dev.rediswarden.config;

import dev.rediswarden.snapshot.Configuration;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads the configuration, and then tells whether what is on disk could be loaded: by a restart that nobody has in mind. */
public final class ConfigurationProbe implements Probe<Configuration> {

    /** A file that was changed in whatever way, its mode included, differs in one of these (inode(7)). */
    private static final String STAMP = "unix:ino,size,ctime";

    /** Readings, of ten seconds when it is not set: what the files name, a password's file, may have changed as well. */
    private static final int ANEW = 6;

    private final Path file;
    private int readings;
    private List<Object> stamps = List.of();
    private Configuration onDisk;

    public ConfigurationProbe(Path file) {
        this.file = file;
        this.onDisk = new Configuration(file.toString(), List.of("was not loaded yet"));
    }

    /** @throws ConfigException with every problem, which is then told as well until it is mended */
    public synchronized Config load() throws ConfigException {
        // Taken before: what changes meanwhile is read once more.
        stamps = stampsNow();
        try {
            Config config = ConfigReader.read(file);
            onDisk = new Configuration(file.toString(), List.of());
            return config;
        } catch (ConfigException e) {
            onDisk = new Configuration(
                    file.toString(),
                    e.problems().stream()
                            .map(problem -> problem.withoutValue().toString())
                            .toList());
            throw e;
        }
    }

    @Override
    public String name() {
        return "the configuration";
    }

    /** Loads what has changed; and what cannot be used, since what it names may be put right without it. */
    @Override
    public synchronized Reading<Configuration> read() {
        readings++;
        if (readings % ANEW == 0 || !onDisk.problems().isEmpty() || !stamps.equals(stampsNow())) {
            try {
                Config unused = load();
            } catch (ConfigException e) {
                // It is told.
            }
        }
        return Reading.known(onDisk);
    }

    private List<Object> stampsNow() {
        ConfDirectory directory = ConfDirectory.of(file);
        List<Object> now = new ArrayList<>(List.of(stamp(file), stamp(directory.path())));
        for (Path beside : directory.files(new ArrayList<>())) {
            now.add(beside);
            now.add(stamp(beside));
        }
        return now;
    }

    private static Map<String, Object> stamp(Path path) {
        try {
            return Files.readAttributes(path, STAMP);
        } catch (IOException e) {
            return Map.of(); // nothing is there, or nothing that can be read
        }
    }
}
