package dev.rediswarden.redis;

import dev.rediswarden.files.Stamp;
import dev.rediswarden.snapshot.Fields;
import dev.rediswarden.snapshot.Reading;
import dev.rediswarden.snapshot.Reading.Cause;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * redis.conf as the server would load it, secrets included: it stays in this package, {@link #fields()} may leave.
 *
 * @param values by name in lower case, in CONFIG GET's form where that differs from the file's
 * @param problem why {@code values} may not be all that the server would load
 * @param stamps of each file as it was read; none where that does not tell whether another reading would find the same
 */
record RedisConf(Path file, Map<String, String> values, Optional<Problem> problem, Map<Path, Stamp> stamps) {

    /** What the server, or this user, stumbles over in the file. */
    record Problem(Cause cause, String text) {}

    RedisConf {
        values = Map.copyOf(values);
        stamps = Map.copyOf(stamps);
    }

    /** The first of the files that can be read; DENIED where one is there but may not be read. */
    static Reading<RedisConf> read(List<Path> candidates) {
        Reading<RedisConf> failure = Reading.unknown(Cause.UNAVAILABLE, "no redis.conf at " + candidates);
        boolean found = false;
        for (Path file : candidates) {
            try {
                return Reading.known(ConfLoader.load(file));
            } catch (NoSuchFileException e) {
                continue;
            } catch (AccessDeniedException e) {
                failure = found ? failure : Reading.unknown(Cause.DENIED, "this user may not read " + file);
            } catch (IOException e) {
                failure = found ? failure : Reading.unknown(Cause.FAILED, "cannot read " + file + ": " + reason(e));
            }
            found = true;
        }
        return failure;
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
    }

    /** All parameters of the file that hold no secret. */
    Fields fields() {
        Map<String, String> open = new HashMap<>(values);
        open.keySet().removeIf(Secrets::isSecret);
        return new Fields(open);
    }

    static String reason(Exception e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    @Override
    public String toString() {
        return "RedisConf[" + file + "]";
    }
}
