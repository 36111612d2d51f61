package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The kernel's traps, which a lab shares with this machine: what is printed is run here, as it says, and then taken
 * back. Only where somebody asks for it: {@code -Dlab.kernel=true}.
 */
@InEveryLab
@EnabledIfSystemProperty(named = "lab.kernel", matches = "true", disabledReason = "changes this machine's kernel")
class KernelLabTest {

    private static final String OVERCOMMIT = "/proc/sys/vm/overcommit_memory";
    private static final String HUGEPAGES = "/sys/kernel/mm/transparent_hugepage/enabled";
    private static final String MEMORY = "curl -s localhost:9180/health/memory";
    private static final String FILES = "ls /etc/sysctl.d/99-zz-redis-* /etc/tmpfiles.d/*redis* 2>/dev/null || true";

    private final Lab lab;
    private final Agent agent;
    private String overcommit = "";
    private String hugepages = "";
    private String files = "";

    KernelLabTest(Lab lab) {
        this.lab = lab;
        this.agent = lab.agent();
    }

    @BeforeEach
    void remember() {
        overcommit = here("cat " + OVERCOMMIT);
        hugepages = here("sed 's/.*\\[\\(.*\\)\\].*/\\1/' " + HUGEPAGES);
        files = here(FILES);
    }

    @AfterEach
    void takeBack() {
        here("echo " + overcommit + " >" + OVERCOMMIT + "; echo " + hugepages + " >" + HUGEPAGES);
        here(FILES)
                .lines()
                .filter(file -> !files.lines().toList().contains(file))
                .forEach(file -> here("rm " + file));
    }

    @Test
    void aKernelThatMayRefuseAForkIsToldAndMended() {
        here("echo 0 >" + OVERCOMMIT);

        var told = awaitKernel("vm.overcommit_memory is 0");
        assertThat(told).contains("degraded", "may refuse the fork");

        here(onThisMachine(told));
        assertThat(here("cat " + OVERCOMMIT)).isEqualTo("1");
        awaitKernel("vm.overcommit_memory is 1");
    }

    @Test
    void hugePagesThatRedisDoesNotDoWithoutAreToldAndMended() {
        here("echo 1 >" + OVERCOMMIT + "; echo always >" + HUGEPAGES);
        lab.shell("cp -p /etc/redis/redis.conf /root; sed -i 's/^disable-thp .*/disable-thp no/' /etc/redis/redis.conf;"
                        + " systemctl restart redis-server")
                .ok();

        var told = awaitKernel("transparent huge pages are given always");
        assertThat(told).contains("degraded", "disable-thp is no");

        here(onThisMachine(told));
        assertThat(here("cat " + HUGEPAGES)).contains("[madvise]");
        awaitKernel("transparent huge pages madvise");
        lab.shell("cp -p /root/redis.conf /etc/redis; systemctl restart redis-server")
                .ok();
    }

    @Test
    void aRedisThatIsSwappedOutIsToldUntilItIsNot() throws IOException {
        var swap = "/var/tmp/" + lab.name() + ".swap";
        here("fallocate -l 512M " + swap + " && chmod 600 " + swap + " && mkswap -q " + swap + " && swapon " + swap);
        try {
            var bound = MemoryBound.of(
                    lab,
                    Integer.parseInt(lab.exec("systemctl", "show", "-P", "MainPID", "redis-server")
                            .ok()));
            bound.set("64M");
            lab.shell("redis-cli eval \"for i = 1, 200 do redis.call('set', i, string.rep('x', 2 ^ 20)) end\" 0")
                    .ok();
            lab.await("memory: swapped out", MEMORY + " | grep 'are resident (used_memory_rss)'");

            bound.set("1G");
            here("swapoff " + swap);
            lab.await("memory: resident again", "! " + MEMORY + " | grep 'are resident (used_memory_rss)'");
        } finally {
            here("swapoff " + swap + " 2>/dev/null; rm " + swap);
            lab.shell("redis-cli FLUSHALL").ok();
        }
    }

    private String awaitKernel(String told) {
        lab.await(told, "curl -s localhost:9180/health/kernel | grep -F '" + told + "'");
        return agent.get("/health/kernel").body();
    }

    private static String onThisMachine(String told) {
        return "sudo() { \"$@\"; }; " + Agent.remedy(told);
    }

    private static String here(String line) {
        return Command.run(Duration.ofSeconds(20), "", List.of("bash", "-c", line))
                .ok();
    }
}
