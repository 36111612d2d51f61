package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.redis.ConfProbe;
import dev.rediswarden.redis.PasswordRotation;
import dev.rediswarden.redis.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Gives a server a new password together with its site, in two steps with the site's restart between them. */
record RotatePassword(Config config, PrintWriter out, LongSupplier nanos) {

    private static final Path KEPT = Path.of("/etc/redis-warden");

    /** @return empty for a name that no instance has */
    Optional<RedisInstance> instance(Optional<String> name) {
        return config.redis().stream()
                .filter(redis -> !redis.units().isEmpty())
                .filter(redis -> name.isEmpty() || name.get().equals(redis.name()))
                .findFirst();
    }

    int begin(RedisInstance redis, List<Path> envFiles) throws IOException {
        return run(redis, rotation -> {
            rotation.begin(envFiles);
            out.println("next    restart the services that read these files, then:"
                    + " sudo redis-warden rotate-password --redis " + redis.name() + " --finish");
        });
    }

    int finish(RedisInstance redis) throws IOException {
        return run(redis, PasswordRotation::finish);
    }

    private interface Step {
        void of(PasswordRotation rotation) throws PasswordRotation.Failed, IOException;
    }

    private int run(RedisInstance redis, Step step) throws IOException {
        Path conf = new ConfProbe(redis.name(), redis.confFiles())
                .read()
                .optional()
                .flatMap(file -> file.text("config_file"))
                .map(Path::of)
                .or(() -> redis.confFiles().stream().findFirst())
                .orElse(Path.of("/etc/redis/redis.conf"));
        Target target =
                new Target(redis.url(), redis.confFiles(), redis.passwordFile(), redis.tlsCa(), redis.timeout());
        try (PasswordRotation rotation = new PasswordRotation(
                target,
                conf,
                redis.passwordFile().orElse(KEPT.resolve(redis.name() + ".password")),
                RootsLock.STATE.resolve("redis").resolve(redis.name()),
                line -> out.println("done    " + line),
                nanos)) {
            step.of(rotation);
            return Exit.OK;
        } catch (PasswordRotation.Failed e) {
            out.println("FAILED  " + e.getMessage());
            return Exit.UNHEALTHY;
        }
    }
}
