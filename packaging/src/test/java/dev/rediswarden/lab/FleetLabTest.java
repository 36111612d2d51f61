package dev.rediswarden.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy_agents.yml} on two hosts with a real systemd, which Ansible enters as {@code scripts/lab} does. */
@EnabledIfSystemProperty(named = "lab.long", matches = "true", disabledReason = LongRun.ONLY)
@ExtendWith(RootRequired.class)
class FleetLabTest {

    private static final Path PLAYBOOKS = Path.of("swarm").toAbsolutePath();

    @TempDir
    private Path directory;

    @Test
    void aHostThatIsNotHealthyIsTheLastOne() throws IOException {
        try (var first = Lab.up("site");
                var second = Lab.up("site")) {
            writeInventory(first, second);

            // A fresh Debian has no maxmemory: its Redis is degraded.
            var stopped = play("redis_warden_accepted: [ok]");
            assertThat(stopped.exit()).isNotZero();
            assertThat(stopped.out()).contains(first.name() + " is degraded, and not ok", "Mend with: ");
            assertThat(second.shell("dpkg-query -W redis-warden").exit()).isNotZero();

            var passed = play("redis_warden_accepted: [ok, degraded]");
            passed.ok();
            assertThat(second.exec("curl", "-s", "localhost:9180/health").ok()).contains("\"status\": \"degraded\"");
            assertThat(second.exec("cat", "/etc/prometheus/redis-warden.d/fleet.json")
                            .ok()
                            .replaceAll("\\s", ""))
                    .isEqualTo("[{\"labels\":{\"instance\":\"%s\"},\"targets\":[\"10.0.0.7:9180\"]},"
                                    .formatted(first.name())
                            + "{\"labels\":{\"instance\":\"%1$s\"},\"targets\":[\"%1$s:9180\"]}]"
                                    .formatted(second.name()));

            assertThat(play("redis_warden_accepted: [ok, degraded]").ok())
                    .contains("changed=0")
                    .doesNotContainPattern("changed=[1-9]");
        }
    }

    private void writeInventory(Lab first, Lab second) throws IOException {
        Files.writeString(directory.resolve("hosts.yml"), """
            all:
              vars:
                ansible_connection: ssh
                ansible_ssh_executable: /mnt%3$s/enter
                ansible_ssh_transfer_method: piped
                ansible_ssh_pipelining: true
                ansible_python_interpreter: /usr/bin/python3
            redis_hosts:
              hosts:
                %1$s: {redis_warden_scrape_address: "10.0.0.7:9180"}
                %2$s:
            prometheus:
              hosts:
                %2$s:
            """.formatted(first.name(), second.name(), directory));
        Files.createFile(
                directory.resolve("enter"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        // What ssh is given last is the host and the command.
        Files.writeString(
                directory.resolve("enter"),
                "#!/bin/bash\nexec chroot /mnt %s/lab exec --name \"${@: -2:1}\" -- sh -c \"${@: -1}\"\n"
                        .formatted(Lab.scripts()));
    }

    private Result play(String accepted) {
        return Command.run(
                Duration.ofMinutes(10),
                "",
                List.of(
                        Lab.scripts().resolve("swarm").toString(),
                        "play",
                        "--",
                        "env",
                        "--chdir=/mnt" + PLAYBOOKS,
                        "ansible-playbook",
                        "--inventory=/mnt" + directory + "/hosts.yml",
                        "-e",
                        "redis_warden_package=/mnt"
                                + InstalledLabs.deb().toAbsolutePath().normalize(),
                        "-e",
                        "{" + accepted + "}",
                        "deploy_agents.yml"));
    }
}
