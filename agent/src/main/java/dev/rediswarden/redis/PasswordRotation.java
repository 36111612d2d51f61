package dev.rediswarden.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rediswarden.redis.Administrator.Refused;
import dev.rediswarden.redis.SiteFile.Place;
import dev.rediswarden.snapshot.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * Gives a server's default user a new password, or its first one, and keeps nobody out at any instant: first both the
 * old way in and the new password count, then the site is told, then the old way in goes. Each step may be done again,
 * so whoever was interrupted begins anew. Run by root, one at a time.
 */
public final class PasswordRotation implements AutoCloseable {

    private static final int BYTES = 32;

    private final Target target;
    private final Path next;
    private final Path kept;
    private final Path files;
    private final Path conf;
    private final Path state;
    private final Consumer<String> done;
    private final LongSupplier nanos;
    private final Administrator server;

    /** It could not be done; the message holds no secret. */
    public static final class Failed extends Exception {
        private static final long serialVersionUID = 1;

        Failed(String message) {
            super(message, null, false, false);
        }
    }

    /** Sites of this host would be locked out, whose files were not named. */
    public static final class Untold extends Exception {
        private static final long serialVersionUID = 1;

        private final transient List<Path> named;
        private final transient List<Path> missing;

        Untold(List<Path> named, List<Path> missing) {
            super("", null, false, false);
            this.named = List.copyOf(named);
            this.missing = List.copyOf(missing);
        }

        public List<Path> named() {
            return named;
        }

        public List<Path> missing() {
            return missing;
        }
    }

    /**
     * @param conf redis.conf as the server has loaded it
     * @param kept where the password is kept for root and the agent's group
     * @param state a directory that only root can read
     * @param done told each step
     */
    public PasswordRotation(Target target, Path conf, Path kept, Path state, Consumer<String> done, LongSupplier nanos)
            throws Failed, IOException {
        if (!Files.isDirectory(state)) {
            Files.createDirectories(
                    state, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        this.target = target;
        this.conf = conf;
        this.kept = kept;
        this.state = state;
        this.next = state.resolve("password.next");
        this.files = state.resolve("password.files");
        this.done = done;
        this.nanos = nanos;
        if (target.url().map(RedisUrl::parse).flatMap(RedisUrl::password).isPresent()) {
            throw new Failed("the url of redis-warden.toml holds its password: set password_file = \"" + kept
                    + "\" there instead");
        }
        if (target.url()
                .map(RedisUrl::parse)
                .flatMap(RedisUrl::user)
                .filter(user -> !user.equals("default"))
                .isPresent()) {
            throw new Failed(
                    "the url of redis-warden.toml names a user of its own, whose password this command does not"
                            + " change: do it with redis-cli ACL SETUSER");
        }
        this.server = connect();
    }

    /** By the new password where it counts already, else as always. */
    private Administrator connect() throws Failed {
        String why = "";
        for (Optional<Path> file : List.of(Optional.of(next), target.passwordFile())) {
            Administrator candidate = new Administrator(
                    new Target(target.url(), target.confFiles(), file, target.tlsCa(), target.timeout()), nanos);
            try {
                candidate.ask("PING");
                return candidate;
            } catch (Refused e) {
                candidate.close();
                why = String.valueOf(e.getMessage());
            }
        }
        throw new Failed("nothing was changed: " + why);
    }

    /**
     * Both ways in count, and the site's files have the new one.
     *
     * @param others files of this host, none of which may have a URL of this server and not be named
     */
    public void begin(List<Path> envFiles, List<Path> others) throws Failed, Untold, IOException {
        try {
            Place place = place();
            List<SiteFile> site = read(envFiles, place);
            List<Path> paths = site.stream().map(SiteFile::path).toList();
            refuseUntold(paths, others, place, Files.exists(next) ? password() : "");
            refuseOthers();
            boolean open = isOpen();
            List<String> names = paths.stream().map(Path::toString).toList();
            // Before the first of them is changed: finish goes by it, also after a run that did not come to its end.
            write(files, String.join("\n", names) + "\n", "rw-------");
            String password = password();
            if (!open) {
                quietly("ACL SETUSER", "ACL", "SETUSER", "default", ">" + password);
                keep();
                done.accept("the server takes the new password beside the old one");
            }
            prove(password);
            for (SiteFile file : site) {
                if (!file.has(place, password)) {
                    file.write(place, password);
                }
                done.accept(file.path() + " has the new password in " + file.urls(place) + " of its URLs");
            }
        } catch (Refused e) {
            throw new Failed(String.valueOf(e.getMessage()));
        }
    }

    /** Who has the new password already was told by a run before this one. */
    private static void refuseUntold(List<Path> named, List<Path> others, Place place, String password)
            throws Untold, IOException {
        List<Path> missing = new ArrayList<>();
        for (Path other : others) {
            SiteFile file = SiteFile.read(other);
            if (!named.contains(file.path()) && file.urls(place) > 0 && !file.has(place, password)) {
                missing.add(file.path());
            }
        }
        if (!missing.isEmpty()) {
            throw new Untold(named, missing);
        }
    }

    /** Clients that know a password which no file of the site holds would be kept out. */
    private void refuseOthers() throws Refused, IOException {
        if (aclFile().isEmpty()) {
            new ConfKeeper(server, conf, state).proveFitForPassword();
        }
        int most = Files.exists(next) ? 2 : 1;
        if (passwords() > most) {
            throw new Refused(
                    "nothing was changed: the default user has several passwords, of which all but the new one"
                            + " would go; see: redis-cli ACL GETUSER default");
        }
        Fields replication = server.info("replication");
        if (!replication.is("role", "master")
                || replication.number("connected_slaves").orElse(0) > 0) {
            throw new Refused(
                    "nothing was changed: replicas have the password too (masterauth), and are not told by this command");
        }
    }

    private int passwords() throws Refused {
        Object user = server.ask("ACL", "GETUSER", "default");
        return user instanceof List<?> fields && fields.size() > 3 && fields.get(3) instanceof List<?> hashes
                ? hashes.size()
                : 0;
    }

    private static List<SiteFile> read(List<Path> files, Place place) throws Failed, IOException {
        List<SiteFile> read = new ArrayList<>();
        for (Path path : files) {
            SiteFile file = SiteFile.read(path);
            if (file.urls(place) == 0) {
                throw new Failed("nothing was changed: " + path + " has no URL of this server for its default user");
            }
            read.add(file);
        }
        return read;
    }

    /**
     * The new password alone counts from here on.
     *
     * @param others as for {@link #begin}
     */
    public void finish(List<Path> others) throws Failed, Untold, IOException {
        if (!Files.exists(next)) {
            throw new Failed("there is nothing to finish: no rotation was begun");
        }
        try {
            String password = password();
            Place place = place();
            prove(password);
            List<Path> told = told();
            for (Path file : told) {
                if (!SiteFile.read(file).has(place, password)) {
                    throw new Failed("nothing was changed: " + file + " does not have the new password in it");
                }
            }
            refuseUntold(told, others, place, password);
            keepForTheAgent(password);
            Optional<String> old = ConfLoader.load(conf).text("requirepass");
            boolean open = isOpen();
            try {
                only(password);
                keep();
                proveClosed();
            } catch (Refused e) {
                back(open, old, password);
                throw e;
            }
            Files.deleteIfExists(next);
            Files.deleteIfExists(files);
            done.accept("the server takes the new password alone, now and after a restart; it is kept in " + kept);
        } catch (Refused e) {
            throw new Failed(String.valueOf(e.getMessage()));
        }
    }

    /** The files that have, or were to have, the new password. */
    private List<Path> told() throws Failed, IOException {
        List<Path> names = Files.exists(files)
                ? Files.readAllLines(files).stream()
                        .filter(name -> !name.isEmpty())
                        .map(Path::of)
                        .toList()
                : List.of();
        for (Path name : names) {
            if (!Files.exists(name)) {
                throw new Failed("nothing was changed: " + name + " is gone; begin anew with the files that there are");
            }
        }
        if (names.isEmpty()) {
            throw new Failed("nothing was changed: no file has the new password yet; begin with --env-file");
        }
        return names;
    }

    private void only(String password) throws Refused {
        if (aclFile().isEmpty()) {
            quietly("CONFIG SET requirepass", "CONFIG", "SET", "requirepass", password);
        } else {
            quietly("ACL SETUSER", "ACL", "SETUSER", "default", "on", "resetpass", ">" + password);
        }
    }

    private void back(boolean open, Optional<String> old, String password) throws Refused {
        if (open && aclFile().isEmpty()) {
            quietly("CONFIG SET requirepass", "CONFIG", "SET", "requirepass", "");
        } else if (open) {
            quietly("ACL SETUSER", "ACL", "SETUSER", "default", "on", "nopass");
        } else if (old.isPresent()) {
            quietly("ACL SETUSER", "ACL", "SETUSER", "default", ">" + old.get(), ">" + password);
        }
    }

    /** For the next start: what a restart would forget is no password. */
    private void keep() throws Refused {
        if (aclFile().isEmpty()) {
            new ConfKeeper(server, conf, state).keepUsers();
        } else {
            server.ask("ACL", "SAVE");
        }
    }

    private String aclFile() throws Refused {
        return server.config("aclfile");
    }

    private boolean isOpen() throws Refused {
        Object user = server.ask("ACL", "GETUSER", "default");
        return user instanceof List<?> fields
                && fields.size() > 1
                && fields.get(1) instanceof List<?> flags
                && flags.stream()
                        .anyMatch(flag -> flag instanceof byte[] word && "nopass".equals(new String(word, UTF_8)));
    }

    private Place place() throws Refused {
        return new Place(number("port"), number("tls-port"), server.config("unixsocket"));
    }

    private int number(String parameter) {
        try {
            return Integer.parseInt(server.config(parameter));
        } catch (Refused | NumberFormatException e) {
            return 0; // a server without TLS knows no tls-port
        }
    }

    /** The one that an interrupted run has begun with, or a new one: written down before anybody is told. */
    private String password() throws IOException {
        if (!Files.exists(next)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            write(next, Base64.getUrlEncoder().withoutPadding().encodeToString(random) + "\n", "rw-------");
        }
        return Files.readString(next).strip();
    }

    /** For root, and for the group that may read the agent's configuration. */
    private void keepForTheAgent(String password) throws IOException {
        Path configuration = kept.resolveSibling("redis-warden.toml");
        int group = Files.exists(configuration)
                ? KeptFile.Attributes.of(configuration).gid()
                : 0;
        KeptFile.replace(
                kept,
                (password + "\n").getBytes(UTF_8),
                new KeptFile.Attributes(0, group, PosixFilePermissions.fromString("rw-r-----")));
    }

    private static void write(Path file, String text, String mode) throws IOException {
        KeptFile.replace(
                file, text.getBytes(UTF_8), new KeptFile.Attributes(0, 0, PosixFilePermissions.fromString(mode)));
    }

    /** As a client of the site will. */
    private void prove(String password) throws Refused {
        quietly("AUTH with the new password", "AUTH", "default", password);
    }

    private void proveClosed() throws Refused {
        if (isOpen()) {
            throw new Refused("the server was told to ask for the password, and asks for none");
        }
    }

    /** A reply may repeat what it is about, which is a secret here. */
    private void quietly(String what, String... words) throws Refused {
        Object reply = server.ask(List.of(Administrator.command(words))).get(0);
        if (reply instanceof JedisDataException) {
            throw new Refused(what + " was refused by the server");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
