package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.RedisInstance;
import dev.rediswarden.preflight.RedisCli;
import dev.rediswarden.redis.ConfProbe;
import dev.rediswarden.redis.PasswordRotation;
import dev.rediswarden.redis.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gives a server a new password together with its sites, in two steps with the sites' restart between them.
 *
 * @param others the environment files of the host's sites, none of which may be left out
 */
record RotatePassword(Config config, PrintWriter out, LongSupplier nanos, List<Path> others) {

    private static final Path KEPT = Path.of("/etc/redis-warden");
    private static final Path SITES = Path.of("/srv/sum");

    /** Those of the sites that provision_vps.sh has made, each {@code [[site]]} of the configuration among them. */
    static List<Path> filesOfSites() throws IOException {
        if (!Files.isDirectory(SITES)) {
            return List.of();
        }
        try (Stream<Path> homes = Files.list(SITES)) {
            return homes.map(home -> home.resolve(".env"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    /** @return empty for a name that no instance has */
    Optional<RedisInstance> instance(Optional<String> name) {
        return config.redis().stream()
                .filter(redis -> !redis.units().isEmpty())
                .filter(redis -> name.isEmpty() || name.get().equals(redis.name()))
                .findFirst();
    }

    int begin(RedisInstance redis, List<Path> envFiles) throws IOException {
        return run(redis, rotation -> {
            rotation.begin(envFiles, others);
            out.println("next    restart the services that read these files, then:"
                    + " sudo redis-warden rotate-password --redis " + redis.name() + " --finish");
        });
    }

    int finish(RedisInstance redis) throws IOException {
        return run(redis, rotation -> rotation.finish(others));
    }

    private interface Step {
        void of(PasswordRotation rotation) throws PasswordRotation.Failed, PasswordRotation.Untold, IOException;
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
        } catch (PasswordRotation.Untold e) {
            e.missing()
                    .forEach(file -> out.println("FAILED  nothing was changed: " + file
                            + " has URLs of this server without the new password,"
                            + " and was not named: what reads it would be locked out"));
            String files = Stream.concat(e.named().stream(), e.missing().stream())
                    .map(file -> " --env-file " + RedisCli.word(file.toString()))
                    .collect(Collectors.joining());
            out.println("next    sudo redis-warden rotate-password --redis " + redis.name() + files
                    + " # or leave it out with --force");
            return Exit.UNHEALTHY;
        }
    }
}
