package dev.rediswarden.redis;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A real redis-server for one test, with everything of it in one directory. Its redis.conf may be changed between
 * two starts; port and socket stay.
 */
public final class RedisServer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path directory;
    private final int port;
    private final List<String> lines = new ArrayList<>();
    private final List<Process> clients = new ArrayList<>();
    private @Nullable Process process;
    private @Nullable String password;
    private List<String> launcher = List.of();

    private RedisServer(Path directory, int port) {
        this.directory = directory;
        this.port = port;
        with(
                "bind 127.0.0.1",
                "port " + port,
                "unixsocket " + socket(),
                "dir " + directory,
                "logfile " + log(),
                "save \"\"",
                "daemonize no");
    }

    /** Not started yet; listens on a free port of 127.0.0.1 and on a socket, without persistence or password. */
    public static RedisServer in(Path directory) {
        return new RedisServer(directory, freePort());
    }

    /** A TCP port of 127.0.0.1 where nobody listens just now. */
    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lines of redis.conf; a later one wins over an earlier one and over the defaults. */
    public RedisServer with(String... more) {
        lines.addAll(List.of(more));
        try {
            Files.writeString(conf(), String.join("\n", lines) + "\n");
            Files.setPosixFilePermissions(conf(), PosixFilePermissions.fromString("rw-r-----"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    public RedisServer withPassword(String secret) {
        password = secret;
        return with("requirepass " + secret);
    }

    /** Its process may open so many files. */
    public RedisServer withOpenFiles(int limit) {
        launcher = List.of("prlimit", "--nofile=" + limit + ":" + limit);
        return this;
    }

    /** Starts it and returns once it is ready to answer. */
    public RedisServer start() {
        launch();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> logged("eady to accept connections"));
        return this;
    }

    /** Starts it and returns once it listens; it may still be loading. */
    public RedisServer launch() {
        Process started = run();
        process = started;
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> !started.isAlive() || logged("Server initialized"));
        if (!started.isAlive()) {
            throw new IllegalStateException("redis-server ended: " + read(log()) + read(directory.resolve("output")));
        }
        return this;
    }

    private Process run() {
        try {
            Files.writeString(log(), "");
            List<String> argv = new ArrayList<>(launcher);
            argv.addAll(List.of("redis-server", conf().toString()));
            return new ProcessBuilder(argv)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("output").toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException("redis-server must be installed", e);
        }
    }

    /** What redis-cli prints for a command sent over the unix socket. */
    public String cli(String... command) {
        try {
            Process cli = redisCli(command);
            String output = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            cli.waitFor();
            return output.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends a command that does not return. */
    public void cliInBackground(String... command) {
        try {
            clients.add(redisCli(command));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process redisCli(String... command) throws IOException {
        List<String> argv = new ArrayList<>(List.of("redis-cli", "-s", socket().toString()));
        argv.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
        if (password != null) {
            builder.environment().put("REDISCLI_AUTH", password);
        }
        return builder.start();
    }

    /** Ends it with SIGTERM, so that it saves where it has save points. */
    public void stop() {
        end(Process::destroy);
    }

    /** Ends it with SIGKILL. */
    public void kill() {
        end(Process::destroyForcibly);
    }

    private void end(Consumer<Process> how) {
        Process running = process;
        if (running != null) {
            how.accept(running);
            try {
                if (!running.waitFor(20, TimeUnit.SECONDS)) {
                    running.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            process = null;
        }
    }

    /** Freezes it: it stays connected and answers nothing. */
    public void suspend() {
        signal("-STOP");
    }

    public void resume() {
        signal("-CONT");
    }

    private void signal(String signal) {
        Process running = Optional.ofNullable(process).orElseThrow();
        try {
            new ProcessBuilder("kill", signal, Long.toString(running.pid()))
                    .start()
                    .waitFor();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public long pid() {
        return Optional.ofNullable(process).orElseThrow().pid();
    }

    public int port() {
        return port;
    }

    public Path directory() {
        return directory;
    }

    public Path socket() {
        return directory.resolve("redis.sock");
    }

    public Path conf() {
        return directory.resolve("redis.conf");
    }

    private Path log() {
        return directory.resolve("redis.log");
    }

    private boolean logged(String text) {
        return read(log()).contains(text);
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once, frozen or not. */
    @Override
    public void close() {
        kill();
        clients.forEach(Process::destroyForcibly);
    }
}
