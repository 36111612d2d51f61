package dev.rediswarden.config;

import dev.rediswarden.files.Stamp;
import dev.rediswarden.snapshot.Configuration;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads the configuration, and then tells whether what is on disk could be loaded: by a restart that nobody has in mind. */
public final class ConfigurationProbe implements Probe<Configuration> {

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
        List<Object> now = new ArrayList<>(List.of(Stamp.of(file), Stamp.of(directory.path())));
        for (Path beside : directory.files(new ArrayList<>())) {
            now.add(beside);
            now.add(Stamp.of(beside));
        }
        return now;
    }
}
