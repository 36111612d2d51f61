package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A booted throwaway Debian, driven through {@code scripts/lab}; closing it leaves nothing of it. */
public final class Lab implements AutoCloseable {

    private static final Path SCRIPT = Path.of(System.getProperty("lab.script", "../scripts/lab"));
    private static final Path DISKS = Path.of("/var/lib/redis-warden-lab");
    // The first run on a machine builds an image.
    private static final Duration UP = Duration.ofMinutes(10);
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Pattern OURS = Pattern.compile("it-(\\d+)-.*");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name;
    private final String suite;

    private Lab(String suite) {
        this.suite = suite;
        this.name = "it-%d-%s-%03d".formatted(ProcessHandle.current().pid(), suite, COUNT.incrementAndGet());
    }

    /** A fresh one, in the state {@code running}. */
    public static Lab up(String suite) {
        var lab = new Lab(suite);
        lab.script(UP, "up", "--name", lab.name, "--suite", suite).ok();
        return lab;
    }

    /** Another one that boots from a copy of this one's disk. */
    public Lab copy() {
        sync();
        var lab = new Lab(suite);
        lab.script(UP, "up", "--name", lab.name, "--copy", name).ok();
        return lab;
    }

    /** Takes away labs of test runs that died before they could. */
    static void sweep() {
        Command.run(LIMIT, "", List.of(SCRIPT.toString(), "list")).ok().lines().forEach(line -> {
            var name = OURS.matcher(line.substring(0, line.indexOf('\t')));
            if (name.matches()
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                Command.run(LIMIT, "", List.of(SCRIPT.toString(), "down", "--name", name.group()))
                        .ok();
            }
        });
    }

    public String name() {
        return name;
    }

    public String suite() {
        return suite;
    }

    /** Copies a file or tree of this machine into a directory of it. */
    public void put(Path source, String directory) {
        var target = DISKS.resolve(name).resolve("root" + directory).toString();
        Command.run(LIMIT, "", List.of("mkdir", "-p", target)).ok();
        Command.run(LIMIT, "", List.of("cp", "-a", source.toString(), target)).ok();
    }

    /** Installs that package with apt. */
    public Result install(Path deb) {
        return script(LIMIT, "install", "--name", name, deb.toString());
    }

    /** Runs a command in it as root, with a time limit of 5 minutes. */
    public Result exec(String... command) {
        return exec("", command);
    }

    public Result exec(String input, String[] command) {
        var words = new ArrayList<>(List.of(SCRIPT.toString(), "exec", "--name", name, "--"));
        words.addAll(List.of(command));
        return Command.run(LIMIT, input, words);
    }

    /** Runs a line of shell in it as root. */
    public Result shell(String line) {
        return exec("sh", "-ec", line);
    }

    /** Until that line of shell succeeds in it; fails when it has not within 60 s. */
    public void await(String what, String condition) {
        await(what, Duration.ofSeconds(60), condition);
    }

    /** The loop is inside: to enter a lab for each look takes more of a machine than most of what is looked at. */
    public void await(String what, Duration limit, String condition) {
        var waited = exec(
                "timeout",
                Long.toString(limit.toSeconds()),
                "sh",
                "-c",
                "until sh -c \"$0\" >/dev/null 2>&1; do sleep 0.05; done",
                condition);
        assertThat(waited.exit()).as("%s in %s within %s", what, this, limit).isZero();
    }

    public Result execAs(String user, String... command) {
        var words = new ArrayList<>(List.of("exec", "--name", name, "--user", user, "--"));
        words.addAll(List.of(command));
        return script(LIMIT, words.toArray(String[]::new));
    }

    /** Returns once it is up again. */
    public void reboot() {
        script(LIMIT, "reboot", "--name", name).ok();
    }

    /** Kills every process of it at once and boots it from what is on its disk. */
    public void powerCut() {
        script(LIMIT, "reboot", "--power-cut", "--name", name).ok();
    }

    /** Mounts a new ext4 there, until it is rebooted. */
    public void disk(String directory, String size) {
        script(LIMIT, "disk", "--name", name, directory, size).ok();
    }

    /** A port of this machine's loopback that reaches that port of its loopback, across reboots too. */
    public int forward(int port) {
        var here = freePort();
        script(LIMIT, "forward", "--name", name, Integer.toString(port), Integer.toString(here))
                .ok();
        return here;
    }

    /** The agent installed in it. */
    public Agent agent() {
        return new Agent(this, forward(9180));
    }

    @Override
    public void close() {
        script(LIMIT, "down", "--name", name).ok();
    }

    @Override
    public String toString() {
        return suite;
    }

    /** Where {@code scripts/} is. */
    static Path scripts() {
        return SCRIPT.toAbsolutePath().resolveSibling("").normalize();
    }

    Result script(Duration limit, String... words) {
        var command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(words));
        return Command.run(limit, "", command);
    }

    private void sync() {
        exec("sync").ok();
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
