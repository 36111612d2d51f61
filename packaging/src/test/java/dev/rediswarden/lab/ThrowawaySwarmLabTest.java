package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ground that the tests of a Swarm stand on. */
@ExtendWith(RootRequired.class)
class ThrowawaySwarmLabTest {

    private static final String READY = "test $(docker node ls --format '{{.Status}}' | grep -c Ready) = 2";

    @Test
    void aServiceIsReachedByItsNameAcrossNodesThatDieAndComeBackAndNothingOfItStays() throws IOException {
        String name;
        try (var swarm = Swarm.up(2)) {
            name = swarm.name();
            swarm.shell("docker network create --driver overlay --attachable app >/dev/null;"
                            + " docker service create --quiet --detach --name far --network app --endpoint-mode dnsrr"
                            + " --constraint node.role==worker --limit-memory 64M redis:7.4-alpine"
                            + " redis-server --protected-mode no")
                    .ok();
            var ask = "docker run --rm --network app redis:7.4-alpine redis-cli -h far PING | grep PONG";
            swarm.await("an answer of the other node", Duration.ofMinutes(1), ask);
            assertThat(swarm.shell(
                                    2,
                                    "cat /sys/fs/cgroup/{memory/docker/*/memory.limit_in_bytes,docker/*/memory.max}"
                                            + " 2>&- || true")
                            .ok())
                    .isEqualTo("67108864");

            swarm.kill(2);
            assertThat(swarm.shell(2, "true").err()).contains("no node2 is running");
            swarm.start(2);
            swarm.await("both nodes", Duration.ofMinutes(1), READY);
            swarm.await("an answer after the power cut", Duration.ofMinutes(1), ask);
            assertThat(swarm.shell("ssh node2 hostname").ok()).isEqualTo("node2");
        }
        assertThat(traces(name)).isEmpty();
    }

    /** Mounts, processes, control groups and files that bear its name. */
    private static String traces(String name) throws IOException {
        var mounts = Files.readString(Path.of("/proc/self/mounts"))
                .lines()
                .filter(line -> line.contains(name))
                .toList();
        var processes = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(name))
                .toList();
        var paths = Command.run(
                        Duration.ofMinutes(1),
                        "",
                        List.of("find", "/sys/fs/cgroup", "/var/lib", "-maxdepth", "4", "-name", "*" + name + "*"))
                .out();
        return paths + (mounts.isEmpty() ? "" : mounts) + (processes.isEmpty() ? "" : processes);
    }
}
