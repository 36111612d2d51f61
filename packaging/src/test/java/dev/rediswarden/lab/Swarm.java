package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** A throwaway Docker Swarm, driven through {@code scripts/swarm}; closing it leaves nothing of it. */
public final class Swarm implements AutoCloseable {

    private static final String SCRIPT = Lab.scripts().resolve("swarm").toString();
    // The first run on a machine builds an image.
    private static final Duration UP = Duration.ofMinutes(15);
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Pattern OURS = Pattern.compile("it-(\\d+)-swarm-\\d+");
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name =
            "it-%d-swarm-%d".formatted(ProcessHandle.current().pid(), COUNT.incrementAndGet());

    private Swarm() {}

    /** A fresh one: node1 is its manager, the others are workers. */
    public static Swarm up(int nodes) {
        sweep();
        var swarm = new Swarm();
        swarm.script(UP, "up", "--nodes", Integer.toString(nodes)).ok();
        return swarm;
    }

    /** Takes away those of test runs that died before they could. */
    private static void sweep() {
        Command.run(LIMIT, "", List.of(SCRIPT, "list")).ok().lines().forEach(line -> {
            var name = OURS.matcher(line.split("\t", 2)[0]);
            if (name.matches()
                    && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                Command.run(LIMIT, "", List.of(SCRIPT, "down", "--name", name.group()))
                        .ok();
            }
        });
    }

    public String name() {
        return name;
    }

    /** Copies a file or tree of this machine into a directory of node1. */
    public void put(Path source, String directory) {
        script(LIMIT, "copy", source.toString(), directory).ok();
    }

    /** Runs a line of shell on a node as root, with a time limit of 10 minutes. */
    public Result shell(int node, String line) {
        return exec(node, "", "bash", "-ec", line);
    }

    public Result shell(String line) {
        return shell(1, line);
    }

    public Result exec(int node, String input, String... command) {
        var words = new ArrayList<>(List.of(SCRIPT, "exec", "--name", name, "--node", Integer.toString(node), "--"));
        words.addAll(List.of(command));
        return Command.run(LIMIT, input, words);
    }

    /** Until that line of shell succeeds on node1. */
    public void await(String what, Duration limit, String condition) {
        var waited = exec(
                1,
                "",
                "timeout",
                Long.toString(limit.toSeconds()),
                "bash",
                "-c",
                "until bash -c \"$0\" >/dev/null 2>&1; do sleep 0.2; done",
                condition);
        assertThat(waited.exit()).as("%s within %s", what, limit).isZero();
    }

    /** Cuts a node's power: everything on it dies at once. */
    public void kill(int node) {
        script(LIMIT, "kill", "--node", Integer.toString(node)).ok();
    }

    /** Boots it from its disk. */
    public void start(int node) {
        script(LIMIT, "start", "--node", Integer.toString(node)).ok();
    }

    @Override
    public void close() {
        script(LIMIT, "down").ok();
    }

    private Result script(Duration limit, String command, String... words) {
        var line = new ArrayList<>(List.of(SCRIPT, command, "--name", name));
        line.addAll(List.of(words));
        return Command.run(limit, "", line);
    }
}
