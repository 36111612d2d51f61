package dev.rediswarden;

import dev.rediswarden.config.Config;
import dev.rediswarden.config.ConfigException;
import dev.rediswarden.config.ConfigReader;
import dev.rediswarden.notify.Deliverer;
import dev.rediswarden.notify.Spool;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.tinylog.Logger;

/** The deliverer, as redis-warden-notify.service runs it while there is something to deliver. */
final class Deliver {

    /** Systemd starts it anew at once while there is something: what cannot be mended so soon is not tried more often. */
    private static final long PENANCE_SECONDS = 30;

    private Deliver() {}

    /** In the state directory that systemd gives (systemd.exec(5)), or where the package has it. */
    static Spool spool(Map<String, String> environment) {
        String directory = environment.getOrDefault("STATE_DIRECTORY", "").split(":", 2)[0];
        return directory.startsWith("/") ? new Spool(Path.of(directory).resolve("notify")) : Spool.DEFAULT;
    }

    static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** @return the exit code */
    static int run(Path configFile) throws InterruptedException {
        Spool spool = spool(System.getenv());
        int code;
        try {
            Config config = ConfigReader.read(configFile);
            spool.make();
            code = locked(spool, config);
        } catch (ConfigException e) {
            e.problems().forEach(problem -> Logger.error("{}", problem));
            code = Exit.CONFIG;
        } catch (AccessDeniedException e) {
            Logger.error("{} may not be written by this user: sudo systemctl start redis-warden-notify", e.getFile());
            code = Exit.NO_PERMISSION;
        } catch (IOException e) {
            Logger.error("{}: nobody is notified: {}", spool.directory(), e.toString());
            code = Exit.UNAVAILABLE;
        } catch (RuntimeException e) {
            Logger.error(e, "nobody is notified, for a defect");
            code = Exit.SOFTWARE;
        }
        // A person who calls it waits for no answer.
        if (code != Exit.OK && System.getenv("INVOCATION_ID") != null) {
            boolean unused = new CountDownLatch(1).await(PENANCE_SECONDS, TimeUnit.SECONDS);
        }
        return code;
    }

    private static int locked(Spool spool, Config config) throws IOException, InterruptedException {
        try (FileChannel file = FileChannel.open(
                        spool.directory().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = file.tryLock()) {
            if (held == null) {
                return Exit.TEMPORARY;
            }
            new Deliverer(
                            spool,
                            config.receivers(),
                            InstantSource.system(),
                            System::nanoTime,
                            () -> UUID.randomUUID().toString(),
                            () -> ThreadLocalRandom.current().nextDouble(),
                            Deliverer.LINGER)
                    .run();
            return Exit.OK;
        }
    }
}
