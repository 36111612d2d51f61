package dev.rediswarden.redis;

import dev.rediswarden.files.Stamp;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads redis.conf with its includes as a restart would load it (https://redis.io/docs/management/config/), without
 * secrets. Parameters are in CONFIG GET's form; one that the file does not name is absent, for the server's default
 * is not in the file; {@code config_file} is its own path.
 */
public final class ConfProbe implements Probe<Fields> {

    /** Readings, of ten seconds when it is not set: stamps are no finer than the kernel's clock, and dir may be a link. */
    private static final int ANEW = 6;

    private final String name;
    private final List<Path> candidates;
    private int readings;
    private Map<Path, Stamp> stamps = Map.of();
    private Reading<Fields> latest = Reading.unknown(Cause.NOT_READ, "redis.conf was not read yet");

    /** @param candidates where redis.conf may be; the first that can be read is taken */
    public ConfProbe(String instance, List<Path> candidates) {
        this.name = "redis.conf of " + instance;
        this.candidates = List.copyOf(candidates);
    }

    @Override
    public String name() {
        return name;
    }

    /**
     * UNAVAILABLE without any file, DENIED where this user may not read all of it, FAILED where Redis would not. The same
     * object as before where no file was changed: two thousand lines are not read for that.
     */
    @Override
    public synchronized Reading<Fields> read() {
        readings++;
        if (readings % ANEW == 0 || stamps.isEmpty() || !stamps.equals(stampsNow(stamps.keySet()))) {
            latest = readAnew();
        }
        return latest;
    }

    private static Map<Path, Stamp> stampsNow(Collection<Path> files) {
        Map<Path, Stamp> now = new HashMap<>();
        files.forEach(file -> now.put(file, Stamp.of(file)));
        return now;
    }

    private Reading<Fields> readAnew() {
        // One that is passed over may be there the next time.
        Map<Path, Stamp> before = stampsNow(candidates);
        stamps = Map.of();
        try {
            return RedisConf.read(candidates)
                    .fold(
                            conf -> conf.problem()
                                    .map(problem -> Reading.<Fields>unknown(problem.cause(), problem.text()))
                                    .orElseGet(() -> known(conf, before)),
                            unknown -> Reading.unknown(unknown.cause(), unknown.detail()));
        } catch (RuntimeException e) {
            // A path that the file system refuses, a directory that changed under us: no reason to end a cycle.
            return Reading.unknown(Cause.FAILED, "redis.conf: " + e.getClass().getSimpleName());
        }
    }

    private Reading<Fields> known(RedisConf conf, Map<Path, Stamp> before) {
        if (!conf.stamps().isEmpty()) {
            before.putAll(conf.stamps());
            stamps = before;
        }
        return Reading.known(located(conf));
    }

    /** With its own path, by the name that INFO has for it, and dir as the server shows it: without symbolic links. */
    private static Fields located(RedisConf conf) {
        Map<String, String> values = new HashMap<>(conf.fields().values());
        values.put("config_file", conf.file().toString());
        values.computeIfPresent("dir", (name, dir) -> real(dir));
        return new Fields(values);
    }

    private static String real(String directory) {
        try {
            return Path.of(directory).toRealPath().toString();
        } catch (IOException e) {
            return directory; // hidden or missing: what was written is all that is known
        }
    }
}
