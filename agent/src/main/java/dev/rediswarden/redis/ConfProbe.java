package dev.rediswarden.redis;

import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Probe;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads redis.conf with its includes as a restart would load it (https://redis.io/docs/management/config/), without
 * secrets. Parameters are in CONFIG GET's form; one that the file does not name is absent, for the server's default
 * is not in the file; {@code config_file} is its own path.
 */
public final class ConfProbe implements Probe<Fields> {

    private final String name;
    private final List<Path> candidates;

    /** @param candidates where redis.conf may be; the first that can be read is taken */
    public ConfProbe(String instance, List<Path> candidates) {
        this.name = "redis.conf of " + instance;
        this.candidates = List.copyOf(candidates);
    }

    @Override
    public String name() {
        return name;
    }

    /** UNAVAILABLE without any file, DENIED where this user may not read all of it, FAILED where Redis would not. */
    @Override
    public Reading<Fields> read() {
        try {
            return RedisConf.read(candidates)
                    .fold(
                            conf -> conf.problem()
                                    .map(problem -> Reading.<Fields>unknown(problem.cause(), problem.text()))
                                    .orElseGet(() -> Reading.known(located(conf))),
                            unknown -> Reading.unknown(unknown.cause(), unknown.detail()));
        } catch (RuntimeException e) {
            // A path that the file system refuses, a directory that changed under us: no reason to end a cycle.
            return Reading.unknown(Cause.FAILED, "redis.conf: " + e.getClass().getSimpleName());
        }
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
