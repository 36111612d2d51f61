package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ground that all other lab tests stand on. */
@InEverySuite
@OneSuite
class ThrowawayDebianLabTest {

    private final Lab lab;

    ThrowawayDebianLabTest(Lab lab) {
        this.lab = lab;
    }

    @Test
    void bootsToRunningWithRedisEnabledAndAnswering() {
        assertThat(lab.exec("systemctl", "is-system-running").ok()).isEqualTo("running");
        assertThat(lab.exec("systemctl", "is-enabled", "redis-server").ok()).isEqualTo("enabled");
        assertThat(lab.exec("redis-cli", "ping").ok()).isEqualTo("PONG");
        assertThat(lab.exec("hostname").ok()).isEqualTo(lab.name());
    }

    @Test
    void isTheSuiteThatWasAskedFor() {
        assertThat(lab.shell(". /etc/os-release; echo $VERSION_CODENAME").ok()).isEqualTo(lab.suite());
    }

    @Test
    void passesInputOutputAndExitCode() {
        var result = lab.exec("over", new String[] {"sh", "-c", "cat; echo beside >&2; exit 7"});
        assertThat(result.out()).isEqualTo("over");
        assertThat(result.err()).isEqualTo("beside\n");
        assertThat(result.exit()).isEqualTo(7);
    }

    @Test
    void runsCommandsAsAnotherUser() {
        assertThat(lab.execAs("redis", "id", "-un").ok()).isEqualTo("redis");
    }

    @Test
    void runsSandboxedServices() {
        var answer = lab.shell("systemd-run --quiet --pipe --wait -p DynamicUser=yes -p ProtectSystem=strict"
                + " -p PrivateTmp=yes -p PrivateUsers=yes -p PrivateDevices=yes -p ProtectKernelTunables=yes"
                + " -p ProtectProc=invisible -p ProcSubset=pid -p SystemCallFilter=@system-service"
                + " -p RestrictNamespaces=yes -p CapabilityBoundingSet= redis-cli ping");
        assertThat(answer.ok()).isEqualTo("PONG");
    }

    @Test
    void runsSideBySideWithAnotherOnTheSamePorts() throws IOException {
        try (var other = lab.copy()) {
            lab.exec("redis-cli", "set", "whose", "ours").ok();
            other.exec("redis-cli", "set", "whose", "theirs").ok();
            assertThat(ask(lab.forward(6379), "GET whose")).contains("ours");
            assertThat(ask(other.forward(6379), "GET whose")).contains("theirs");
        }
    }

    @Test
    void rebootKeepsDiskAndForwardsButNoProcess() throws IOException {
        var port = lab.forward(6379);
        lab.shell("touch /run/volatile /var/lib/durable").ok();
        lab.reboot();
        assertThat(lab.exec("systemctl", "is-system-running").ok()).isEqualTo("running");
        assertThat(lab.exec("test", "-e", "/run/volatile").exit()).isEqualTo(1);
        assertThat(lab.exec("test", "-e", "/var/lib/durable").exit()).isZero();
        assertThat(ask(port, "PING")).contains("PONG");
    }

    @Test
    void stopGivesRedisTimeToSaveAndPowerCutDoesNot() {
        lab.exec("redis-cli", "set", "stopped", "1").ok();
        lab.reboot();
        lab.exec("redis-cli", "set", "cut", "1").ok();
        lab.powerCut();
        assertThat(lab.exec("redis-cli", "exists", "stopped").ok()).isEqualTo("1");
        assertThat(lab.exec("redis-cli", "exists", "cut").ok()).isEqualTo("0");
    }

    @Test
    void installsAPackageWithItsScripts(@TempDir Path directory) throws IOException {
        var control = Files.createDirectories(directory.resolve("tree/DEBIAN"));
        Files.writeString(control.resolve("control"), """
                Package: probe
                Version: 1
                Architecture: all
                Maintainer: redis-warden <root@localhost>
                Depends: redis-server | valkey-server
                Description: proves that maintainer scripts run
                """);
        var script = control.resolve("postinst");
        Files.writeString(script, "#!/bin/sh\nsystemctl is-system-running >/var/lib/probe\n");
        assertThat(script.toFile().setExecutable(true, false)).isTrue();
        var deb = directory.resolve("probe.deb");
        Command.run(
                        Duration.ofMinutes(1),
                        "",
                        List.of("dpkg-deb", "--build", directory.resolve("tree").toString(), deb.toString()))
                .ok();
        lab.install(deb).ok();
        assertThat(lab.exec("cat", "/var/lib/probe").ok()).isEqualTo("running");
        lab.exec("apt-get", "-qy", "purge", "probe").ok();
    }

    @Test
    void hasValkeyAtHandWhereTheSuiteHasIt() {
        var offered = lab.shell("apt-get -qy install --download-only valkey-server");
        assertThat(offered.exit()).as(offered.toString()).isEqualTo("bookworm".equals(lab.suite()) ? 100 : 0);
    }

    @Test
    void namesWhoHoldsAPortThatIsTaken() {
        var port = lab.forward(6379);
        try (var other = lab.copy()) {
            var refused = other.script(
                    Duration.ofMinutes(1), "forward", "--name", other.name(), "6379", Integer.toString(port));
            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("127.0.0.1:" + port, "Address already in use", "systemd-socket-");
        }
    }

    @Test
    void downLeavesNothing() throws IOException {
        var gone = lab.copy();
        gone.forward(6379);
        gone.close();
        assertThat(traces(gone)).isEmpty();
    }

    @Test
    void whatACrashLeftIsSeenAndTakenAway() throws IOException {
        var crashed = lab.copy();
        var supervisor = Files.readString(Path.of("/var/lib/redis-warden-lab", crashed.name(), "supervisor"));
        ProcessHandle.of(Long.parseLong(supervisor.substring(0, supervisor.indexOf(' '))))
                .orElseThrow()
                .destroyForcibly();
        await().untilAsserted(() ->
                assertThat(crashed.exec("true").err()).contains("no lab '" + crashed.name() + "' is running"));
        crashed.close();
        assertThat(traces(crashed)).isEmpty();
    }

    /** Mounts, processes, control groups and files that bear a lab's name. */
    private static String traces(Lab lab) throws IOException {
        var mounts = Files.readString(Path.of("/proc/self/mounts"))
                .lines()
                .filter(line -> line.contains(lab.name()))
                .toList();
        var processes = ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(lab.name()))
                .toList();
        var paths = Command.run(
                        Duration.ofMinutes(1),
                        "",
                        List.of(
                                "find",
                                "/sys/fs/cgroup",
                                "/run/systemd/nspawn",
                                "/var/lib",
                                "-maxdepth",
                                "4",
                                "-name",
                                "*" + lab.name() + "*"))
                .out();
        return paths + (mounts.isEmpty() ? "" : mounts) + (processes.isEmpty() ? "" : processes);
    }

    private static String ask(int port, String command) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write((command + "\r\nQUIT\r\n").getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
