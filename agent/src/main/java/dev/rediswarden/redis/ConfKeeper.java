package dev.rediswarden.redis;

import dev.rediswarden.redis.Administrator.Refused;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps for the next start what a server has been set to: by CONFIG REWRITE, or by an include of our own where that
 * cannot be. Either way redis.conf is read as a restart would read it, and put back where it does not say what it shall.
 */
final class ConfKeeper {

    private final Administrator server;
    private final Path conf;
    /** The file as it was before the change that is under way. */
    private final Path underWay;
    /** The file as it was before the first change of ours: for a person. */
    private final Path original;

    /**
     * @param conf as the server has loaded it
     * @param state a directory that only root can read
     */
    ConfKeeper(Administrator server, Path conf, Path state) {
        this.server = server;
        this.conf = conf;
        this.underWay = state.resolve("redis.conf.under-way");
        this.original = state.resolve("redis.conf.original");
    }

    /** Makes good what an interruption left: a redis.conf that Redis would not start with any more. */
    Optional<String> recover() throws IOException {
        byte[] before;
        try {
            before = Files.readAllBytes(underWay);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        boolean broken = !Files.exists(conf)
                || Files.size(conf) == 0
                || ConfLoader.load(conf).problem().isPresent();
        if (broken) {
            KeptFile.beside(Files.exists(conf) ? conf : parent(conf), conf)
                    .copyTo(underWay.resolveSibling("redis.conf.found"));
            KeptFile.replace(conf, before, attributes());
        }
        Files.delete(underWay);
        return broken ? Optional.of(conf + " is as it was before an earlier run was interrupted") : Optional.empty();
    }

    private static Path parent(Path file) {
        Path parent = file.getParent();
        return parent == null ? Path.of("/") : parent;
    }

    /** Those of the damaged file, or of who owns its directory. */
    private KeptFile.Attributes attributes() throws IOException {
        KeptFile.Attributes found = KeptFile.Attributes.of(Files.exists(conf) ? conf : parent(conf));
        return new KeptFile.Attributes(found.uid(), found.gid(), PosixFilePermissions.fromString("rw-r-----"));
    }

    /**
     * Has a restart load this value.
     *
     * @return how it was kept
     * @throws Refused when it could not be; the file is as it was then
     */
    String keep(String parameter, String value) throws Refused {
        try {
            KeptFile before = KeptFile.of(conf);
            OwnInclude include = OwnInclude.of(before);
            Map<String, String> meant = meaning();
            if (!Files.exists(original)) {
                before.copyTo(original);
            }
            before.copyTo(underWay);
            try {
                String how = write(before, include, parameter, value);
                prove(parameter, value, meant);
                Files.deleteIfExists(underWay);
                return how;
            } catch (Refused | IOException e) {
                // Where it cannot be put back now, the copy stays: the next run does it.
                include.restore();
                Files.deleteIfExists(underWay);
                throw e;
            }
        } catch (IOException e) {
            throw new Refused(conf + " could not be changed: " + reason(e) + "; write into it by hand: " + parameter
                    + " " + (value.isEmpty() ? "\"\"" : value));
        }
    }

    /**
     * Has a restart know the users and the password of now.
     *
     * @throws Refused when redis.conf cannot be rewritten by Redis, or would say more than that
     */
    void keepUsers() throws Refused {
        try {
            proveFitForPassword();
            KeptFile before = KeptFile.of(conf);
            Map<String, String> meant = meaning();
            before.copyTo(underWay);
            try {
                server.ask("CONFIG", "REWRITE");
                before.giveAttributes();
                proveOthers("requirepass", meant, meaning());
                Files.deleteIfExists(underWay);
            } catch (Refused | IOException e) {
                before.restore();
                Files.deleteIfExists(underWay);
                throw e;
            }
        } catch (IOException e) {
            throw new Refused(conf + " could not be changed: " + reason(e));
        }
    }

    /** That redis.conf can hold a password at all: asked before anybody is told one. */
    void proveFitForPassword() throws Refused, IOException {
        if (Files.isSymbolicLink(conf) || OwnInclude.hasOthers(KeptFile.of(conf))) {
            throw new Refused(conf + " includes other files or is a link, and cannot be rewritten with a password");
        }
        Set<PosixFilePermission> mode = Files.getPosixFilePermissions(conf);
        if (mode.contains(PosixFilePermission.OTHERS_READ) || mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new Refused(conf + " is open to every user of this host: sudo chmod o= " + conf);
        }
    }

    private String write(KeptFile before, OwnInclude include, String parameter, String value)
            throws IOException, Refused {
        // A rename would put a file in a link's place; and values from other includes would be copied, and so be
        // hidden.
        if (!Files.isSymbolicLink(conf) && !include.isIncluded() && !OwnInclude.hasOthers(before)) {
            try {
                server.ask("CONFIG", "REWRITE");
                before.giveAttributes();
                return "CONFIG REWRITE";
            } catch (Refused e) {
                before.restore();
            }
        }
        include.set(parameter, value);
        return OwnInclude.path(conf) + ", which redis.conf includes";
    }

    private Map<String, String> meaning() throws IOException, Refused {
        RedisConf loaded = ConfLoader.load(conf);
        if (loaded.problem().isPresent()) {
            throw new Refused(loaded.problem().get().text());
        }
        return loaded.values();
    }

    /** By what a restart would load: this value, and all others as before. */
    private void prove(String parameter, String value, Map<String, String> before) throws IOException, Refused {
        Map<String, String> after = meaning();
        String next = ConfMeaning.next(after, parameter);
        if (!ConfMeaning.isSame(parameter, next, value)) {
            throw new Refused("redis.conf was rewritten, and a restart would load " + parameter + " " + next);
        }
        proveOthers(parameter, before, after);
    }

    private static void proveOthers(String parameter, Map<String, String> before, Map<String, String> after)
            throws Refused {
        Set<String> others = ConfMeaning.changed(parameter, before, after);
        if (!others.isEmpty()) {
            throw new Refused(
                    "CONFIG REWRITE would keep more than that: " + String.join(", ", others)
                            + " as now, and redis.conf says otherwise; decide about that first: redis-warden check --only drift");
        }
    }

    private static String reason(IOException e) {
        return e instanceof FileSystemException file && file.getReason() == null
                ? e.getClass().getSimpleName() + " " + file.getFile()
                : String.valueOf(e.getMessage());
    }
}
